import { readConfig } from './config.ts';
import { migrate } from './db/migrate.ts';
import { openDatabase } from './db/open.ts';
import { createLogger } from './logger.ts';

const log = createLogger({ logLevel: 'info' });
try {
  const db = await openDatabase(readConfig(process.env), log);
  try {
    await migrate(db, log);
  } finally {
    await db.close();
  }
} catch (error) {
  log.fatal(error, `cannot migrate: ${String(error)}`);
  process.exitCode = 1;
}
