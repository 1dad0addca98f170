import { setTimeout as pause } from 'node:timers/promises';
import { readConfig } from '../../config.ts';
import { migrate } from '../../db/migrate.ts';
import { openDatabase } from '../../db/open.ts';
import { sqlState } from '../../db/database-error.ts';
import { createLogger } from '../../logger.ts';
import type { Database } from '../../ports/database.ts';

/** A database that a deployment starts at the same time needs a moment. */
const PATIENCE_MS = 30_000;

async function untilReachable(db: Database): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await db.query('select 1');
      return;
    } catch (error) {
      // 57P03: still starting up. Any other state is an answer, and waiting would not change it.
      const state = sqlState(error);
      if ((state && state !== '57P03') || performance.now() > deadline) throw error;
      await pause(500);
    }
  }
}

const log = createLogger({ logLevel: 'info' });
try {
  const db = await openDatabase(readConfig(process.env), log);
  try {
    await untilReachable(db);
    await migrate(db, log);
  } finally {
    await db.close();
  }
} catch (error) {
  log.fatal(error, `the release failed: ${String(error)}`);
  process.exitCode = 1;
}
