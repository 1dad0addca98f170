import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../ports/database.ts';
import { createPool, databaseOn } from './pool.ts';

export async function openDatabase(config: Config, log: Logger): Promise<Database> {
  if (config.databaseUrl) return databaseOn(createPool(config.databaseUrl, config.databasePoolSize, log));
  // Imported here because the package is for development: production installs leave it out.
  const { openEmbedded } = await import('./embedded.ts');
  log.warn({ folder: config.dataDir }, 'no DATABASE_URL: using the embedded database, for development only; its first start takes some seconds');
  return openEmbedded(config.dataDir);
}
