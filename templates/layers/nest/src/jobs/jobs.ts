import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { LOGGER } from '../platform/tokens.ts';

interface Job {
  readonly name: string;
  readonly everyMs: number;
  /** Does what there is to do, and tells whether there may be more of it right now. */
  readonly work: () => Promise<boolean>;
}

/**
 * What the service does without being asked. Each job waits for its own end before it runs again;
 * what it does must bear that other processes do it at the same time.
 */
@Injectable()
export class Jobs implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #jobs: Job[] = [];
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** To be called before the application has started. */
  add(job: Job): void {
    this.#jobs.push(job);
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'web') this.#running = Promise.all(this.#jobs.map((job) => this.#repeat(job)));
  }

  /** What has begun is finished, while everything that it needs is still open. */
  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #repeat({ name, everyMs, work }: Job): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const more = await work().catch((error: unknown) => {
        this.log.warn(error, `the job ${name} failed, and will be tried again`);
        return false;
      });
      if (!more) await pause(everyMs, undefined, { signal }).catch(() => {});
    }
  }
}
