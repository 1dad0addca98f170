import { setTimeout as pause } from 'node:timers/promises';
import { sqlState } from './database-error.ts';

const ATTEMPTS = 4;
const RETRYABLE: ReadonlySet<string> = new Set(['40001', '40P01']);

/** Runs a whole transaction again while the database says that it lost a race. */
export async function withRetries<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt === ATTEMPTS || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
      // A random wait, so that two losers do not meet again.
      await pause(Math.random() * 20 * 2 ** attempt);
    }
  }
}
