import type { Server } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config.ts';
import { Lifecycle, type Running } from '../../ports/lifecycle.ts';
import { drain } from './drain.ts';

/**
 * Load balancers keep an idle connection for a minute. If the service closed it first, a request
 * could be on its way already, and would be lost.
 */
const KEEP_ALIVE_MS = 75_000;

/** Ends the process when a signal asks for it, in the order that loses nothing. */
@Injectable()
export class DrainingLifecycle extends Lifecycle {
  #stopping = false;

  constructor(private readonly config: Config) {
    super();
  }

  override accepting(): boolean {
    return !this.#stopping;
  }

  override attach(running: Running): void {
    if (running.server) this.#tend(running.server);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => this.#stop(running));
  }

  #tend(server: Server): void {
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.prependListener('request', (_request, response) => {
      // Clients that keep connections would otherwise send their next request here, too.
      if (this.#stopping) response.setHeader('Connection', 'close');
    });
  }

  #stop(running: Running): void {
    // Whoever asks twice does not want to wait.
    if (this.#stopping) process.exit(1);
    this.#stopping = true;
    void drain(running, this.config.drainDelayMs)
      .catch((error: unknown) => {
        running.log.fatal(error, 'cannot stop in order');
        return false;
      })
      .then((complete) => process.exit(complete ? 0 : 1));
  }
}
