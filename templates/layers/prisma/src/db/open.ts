import type { Pool } from 'pg';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { createPool } from './pool.ts';

export interface OpenPool {
  readonly pool: Pool;
  close(): Promise<void>;
}

export async function openPool(config: Config, log: Logger): Promise<OpenPool> {
  if (config.databaseUrl) {
    const pool = createPool(config.databaseUrl, config.databasePoolSize, log);
    return { pool, close: () => pool.end() };
  }
  // Imported here because the package is for development: production installs leave it out.
  const { openEmbedded } = await import('./embedded.ts');
  log.warn({ folder: config.dataDir }, 'no DATABASE_URL: using the embedded database, for development only; its first start takes some seconds');
  return openEmbedded(config.dataDir);
}
