import type { LoggerService } from '@nestjs/common';
import type { Logger } from '../logger.ts';

/** What Nest says about itself, in the log of the service. What it tells of its start is for debugging. */
export class NestLog implements LoggerService {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#log.debug({ rest }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#log.error({ rest }, String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#log.warn({ rest }, String(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#log.trace({ rest }, String(message));
  }
}
