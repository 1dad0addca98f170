import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import { readConfig } from '../../config.ts';
import { sqlState } from '../../db/database-error.ts';
import { migrate } from '../../db/migrate.ts';
import { openPool } from '../../db/open.ts';
import { createLogger } from '../../logger.ts';

/** A database that a deployment starts at the same time needs a moment. */
const PATIENCE_MS = 30_000;

async function untilReachable(pool: Pool): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await pool.query('select 1');
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
  const { pool, close } = await openPool(readConfig(process.env), log);
  try {
    await untilReachable(pool);
    await migrate(pool, log);
  } finally {
    await close();
  }
} catch (error) {
  log.fatal(error, `the release failed: ${String(error)}`);
  process.exitCode = 1;
}
