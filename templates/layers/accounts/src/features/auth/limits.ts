import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { Problem } from '../../http/problem.ts';
import type { Queryable } from '../../ports/database.ts';

export interface Limit {
  readonly name: string;
  readonly hits: number;
  readonly seconds: number;
}

const QUARTER = 15 * 60;

// Each try counts before anything is checked, so no number of parallel tries gets past a limit.
export const LIMITS = Object.freeze({
  registerByNetwork: { name: 'register-network', hits: 50, seconds: 60 * 60 },
  loginByNetwork: { name: 'login-network', hits: 50, seconds: QUARTER },
  loginByAccount: { name: 'login-account', hits: 10, seconds: QUARTER },
  passwordByAccount: { name: 'password-account', hits: 10, seconds: QUARTER },
} satisfies Record<string, Limit>);

interface Window {
  readonly hits: number;
  readonly resetsIn: number;
}

/**
 * Counts a try, says in the answer's headers how many are left, and refuses those beyond the
 * limit. The counters are in the database, hence the same for every process.
 */
export async function spend(db: Queryable, response: Response, limit: Limit, subject: string): Promise<void> {
  const { hits, resetsIn } = await count(db, limit, subject);
  // The header fields of the IETF's draft-ietf-httpapi-ratelimit-headers, one member for each limit.
  response.append('RateLimit-Policy', `"${limit.name}";q=${limit.hits};w=${limit.seconds}`);
  response.append('RateLimit', `"${limit.name}";r=${Math.max(0, limit.hits - hits)};t=${resetsIn}`);
  if (hits <= limit.hits) return;
  throw new Problem(429, 'auth.too_many_tries', 'Too many tries. Wait, then try again.', {
    headers: { 'Retry-After': String(resetsIn) },
  });
}

/** Forgets the tries of someone who has shown who they are. */
export async function forgive(db: Queryable, limit: Limit, subject: string): Promise<void> {
  await db.query('delete from rate_limits where key = $1', [keyOf(limit, subject)]);
}

async function count(db: Queryable, limit: Limit, subject: string): Promise<Window> {
  const [window] = await db.query<Window>(
    `insert into rate_limits as stored (key, hits, resets_at) values ($1, 1, now() + make_interval(secs => $2))
     on conflict (key) do update set
       hits = case when stored.resets_at > now() then least(stored.hits + 1, 1000000) else 1 end,
       resets_at = case when stored.resets_at > now() then stored.resets_at else excluded.resets_at end
     returning hits, greatest(1, ceil(extract(epoch from resets_at - now())))::int as "resetsIn"`,
    [keyOf(limit, subject), limit.seconds],
  );
  if (!window) throw new Error('an upsert returned no row');
  // Whoever opens a window clears away some that are over, so the table stays small.
  if (window.hits === 1) await sweep(db);
  return window;
}

async function sweep(db: Queryable): Promise<void> {
  await db.query(
    `delete from rate_limits where key in (
       select key from rate_limits where resets_at < now() order by resets_at limit 100 for update skip locked)`,
  );
}

// Hashed, because the table should not tell whose accounts somebody tried.
function keyOf(limit: Limit, subject: string): string {
  return `${limit.name}:${createHash('sha256').update(subject.toLowerCase()).digest('base64url')}`;
}
