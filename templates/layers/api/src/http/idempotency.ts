import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { Queryable } from '../ports/database.ts';
import { invalid, Problem } from './problem.ts';

const KEPT = '24 hours';

/** One request of one person, as its Idempotency-Key names it. */
export interface Attempt {
  readonly userId: string;
  readonly key: string;
  readonly request: unknown;
}

export function idempotencyKey(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalid('/headers/idempotency-key', 'must have 1 to 255 visible ASCII characters');
  }
  return key;
}

/**
 * Does the work, unless this attempt was made before: then it returns what that returned. Work
 * and record are one transaction, so there is never the one without the other.
 */
export async function once<T>(transaction: Queryable, attempt: Attempt, work: () => Promise<T>): Promise<T> {
  await assertAlone(transaction, attempt);
  const hash = createHash('sha256').update(JSON.stringify(attempt.request)).digest();
  const [earlier] = await transaction.query<{ same: boolean; response: T }>(
    `select request_hash = $3 as same, response from idempotency_keys
     where user_id = $1 and key = $2 and created_at > now() - $4::interval`,
    [attempt.userId, attempt.key, hash, KEPT],
  );
  if (earlier) return replay(earlier);
  const result = await work();
  await transaction.query('delete from idempotency_keys where user_id = $1 and created_at <= now() - $2::interval', [attempt.userId, KEPT]);
  await transaction.query('insert into idempotency_keys (user_id, key, request_hash, response) values ($1, $2, $3, $4)', [
    attempt.userId,
    attempt.key,
    hash,
    JSON.stringify(result),
  ]);
  return result;
}

function replay<T>({ same, response }: { readonly same: boolean; readonly response: T }): T {
  if (same) return response;
  throw new Problem(422, 'idempotency.key_reused', 'This Idempotency-Key belongs to another request.');
}

async function assertAlone(transaction: Queryable, { userId, key }: Attempt): Promise<void> {
  const [lock] = await transaction.query<{ taken: boolean }>('select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as taken', [
    `${userId}/${key}`,
  ]);
  if (!lock?.taken) throw new Problem(409, 'idempotency.in_flight', 'The same request is still being worked on.');
}
