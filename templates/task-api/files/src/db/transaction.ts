import { setTimeout as pause } from 'node:timers/promises';

const ATTEMPTS = 4;
const RETRYABLE: ReadonlySet<string> = new Set(['40001', '40P01']);

/** The connection failed, not what was asked over it. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The SQLSTATE of a database error, or undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

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
