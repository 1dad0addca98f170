import { readConfig } from './config.ts';
import { migrate } from './db/migrate.ts';
import { openPool } from './db/open.ts';
import { createLogger } from './logger.ts';

const log = createLogger({ logLevel: 'info' });
try {
  const { pool, close } = await openPool(readConfig(process.env), log);
  try {
    await migrate(pool, log);
  } finally {
    await close();
  }
} catch (error) {
  log.fatal(error, `cannot migrate: ${String(error)}`);
  process.exitCode = 1;
}
