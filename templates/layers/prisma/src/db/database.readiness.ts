import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Logger } from '../logger.ts';
import { LOGGER } from '../platform/tokens.ts';
import { Readiness } from '../ports/readiness.ts';
import { pendingMigrations } from './migrate.ts';
import { POOL } from './tokens.ts';

@Injectable()
export class DatabaseReadiness extends Readiness {
  #migrated = false;

  constructor(
    @Inject(POOL) private readonly pool: Pool,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    super();
  }

  override async check(): Promise<Readonly<Record<string, string>>> {
    return { database: await this.#state() };
  }

  async #state(): Promise<string> {
    try {
      if (this.#migrated) await this.pool.query('select 1');
      else this.#migrated = (await pendingMigrations(this.pool)).length === 0;
      return this.#migrated ? 'ok' : 'migrations pending';
    } catch (error) {
      this.log.warn(error, 'the database does not answer');
      return 'unreachable';
    }
  }
}
