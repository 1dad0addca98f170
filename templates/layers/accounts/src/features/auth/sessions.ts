import type { Database, Queryable } from '../../ports/database.ts';
import type { Identity } from '../../ports/identity.ts';
import type { Claims } from './access-token.ts';
import { IDENTITY } from './account.ts';
import type { Client } from './client.ts';
import { digestOf, newRefreshToken } from './refresh-token.ts';

/**
 * A session is a family of refresh tokens, each the successor of the one before; the newest, which
 * alone is not used yet, stands for the session. Whoever changes the sessions of a user locks the
 * user first: a login, a refresh and a logout that meet then happen one after the other, and none
 * overlooks a token that another is just adding.
 */
export interface OpenSession extends Claims {
  readonly refreshToken: string;
  readonly expiresAt: Date;
}

export interface SessionView {
  readonly id: string;
  readonly createdAt: Date;
  readonly refreshedAt: Date;
  readonly expiresAt: Date;
  readonly userAgent: string;
  readonly ip: string | null;
  readonly current: boolean;
}

export type Rotation =
  | { readonly outcome: 'rotated'; readonly session: OpenSession }
  | { readonly outcome: 'reused'; readonly userId: string }
  | { readonly outcome: 'refused' };

interface Presented extends Claims {
  readonly id: string;
  readonly expiresAt: Date;
  readonly used: boolean;
  readonly good: boolean;
}

const LIFETIME_DAYS = 30;
/** The list of sessions stays one that a person can read. */
const MOST_SESSIONS = 20;
const LIVE = 'used_at is null and revoked_at is null and expires_at > now()';
const REVOKE = 'update refresh_tokens set revoked_at = now() where used_at is null and revoked_at is null';

/** Opens a session in a transaction that has locked the user. */
export async function openSession(db: Queryable, userId: string, { ip, userAgent }: Client): Promise<OpenSession> {
  const refreshToken = newRefreshToken();
  const [row] = await db.query<{ sessionId: string; expiresAt: Date }>(
    `insert into refresh_tokens (user_id, family_id, token_hash, expires_at, user_agent, ip)
     values ($1, gen_random_uuid(), $2, now() + make_interval(days => $3), $4, $5)
     returning family_id as "sessionId", expires_at as "expiresAt"`,
    [userId, digestOf(refreshToken), LIFETIME_DAYS, userAgent, ip],
  );
  if (!row) throw new Error('an insert returned no row');
  await tidy(db, userId);
  return Object.freeze({ userId, refreshToken, ...row });
}

/** Exchanges a refresh token for its successor, once. A second time ends the session. */
export function rotate(db: Database, token: string, client: Client): Promise<Rotation> {
  return db.transaction(async (transaction): Promise<Rotation> => {
    const presented = await lockPresented(transaction, token);
    if (presented?.used) {
      // Returned, not thrown: an error would roll the revocation back.
      await endSession(transaction, presented.userId, presented.sessionId);
      return { outcome: 'reused', userId: presented.userId };
    }
    if (!presented?.good) return { outcome: 'refused' };
    return { outcome: 'rotated', session: await succeed(transaction, presented, client) };
  });
}

/** Returns a function that tells whose one of these sessions is, as long as it is open. */
export async function findLive(db: Queryable, sessions: readonly Claims[]): Promise<(session: Claims) => Identity | undefined> {
  const rows = await db.query<Identity & Pick<Claims, 'sessionId'>>(
    `select family_id as "sessionId", ${IDENTITY} from refresh_tokens join users u on u.id = user_id
     where family_id = any($1::uuid[]) and u.disabled_at is null and ${LIVE}`,
    [[...new Set(sessions.map(({ sessionId }) => sessionId))]],
  );
  const owners = new Map(rows.map(({ sessionId, ...identity }) => [sessionId, identity]));
  return ({ sessionId, userId }) => {
    const owner = owners.get(sessionId);
    return owner?.userId === userId ? owner : undefined;
  };
}

export function listSessions(db: Queryable, { userId, sessionId }: Claims): Promise<readonly SessionView[]> {
  return db.query(
    `select family_id as id, opened.at as "createdAt", issued_at as "refreshedAt", expires_at as "expiresAt",
       user_agent as "userAgent", host(ip) as ip, family_id = $2 as current
     from refresh_tokens t
     cross join lateral (select min(first.issued_at) as at from refresh_tokens first where first.family_id = t.family_id) opened
     where user_id = $1 and ${LIVE}
     order by issued_at desc, id`,
    [userId, sessionId],
  );
}

/** Ends one session of this user, and returns whether there was one. */
export async function endSession(db: Queryable, userId: string, sessionId: string): Promise<boolean> {
  const ended = await db.query(`${REVOKE} and user_id = $1 and family_id = $2 and expires_at > now() returning id`, [userId, sessionId]);
  return ended.length > 0;
}

export async function endAllSessions(db: Queryable, userId: string): Promise<void> {
  await db.query(`${REVOKE} and user_id = $1`, [userId]);
}

/** Ends every session of somebody who leaves, and erases where they came from. */
export async function forgetSessions(db: Queryable, userId: string): Promise<void> {
  await db.query('delete from refresh_tokens where user_id = $1', [userId]);
}

async function lockPresented(db: Queryable, token: string): Promise<Presented | undefined> {
  const digest = digestOf(token);
  const owners = await db.query(
    `select 1 from users where id = (select user_id from refresh_tokens where token_hash = $1) and disabled_at is null
     for no key update`,
    [digest],
  );
  if (owners.length === 0) return undefined;
  // Read only now: before the lock, somebody else may still have been using the token.
  const [presented] = await db.query<Presented>(
    `select id, user_id as "userId", family_id as "sessionId", expires_at as "expiresAt",
       used_at is not null as used, ${LIVE} as good
     from refresh_tokens where token_hash = $1`,
    [digest],
  );
  return presented;
}

// The successor inherits the end, so that a session cannot be kept alive for ever.
async function succeed(db: Queryable, { id, userId, sessionId, expiresAt }: Presented, { ip, userAgent }: Client): Promise<OpenSession> {
  const refreshToken = newRefreshToken();
  await db.query('update refresh_tokens set used_at = now() where id = $1', [id]);
  await db.query(
    `with successor as (
       insert into refresh_tokens (user_id, family_id, token_hash, expires_at, user_agent, ip)
       values ($1, $2, $3, $4, $5, $6) returning id)
     update refresh_tokens set replaced_by = successor.id from successor where refresh_tokens.id = $7`,
    [userId, sessionId, digestOf(refreshToken), expiresAt, userAgent, ip, id],
  );
  return Object.freeze({ userId, sessionId, refreshToken, expiresAt });
}

async function tidy(db: Queryable, userId: string): Promise<void> {
  await db.query('delete from refresh_tokens where user_id = $1 and expires_at < now()', [userId]);
  await db.query(
    `${REVOKE} and user_id = $1 and id not in (
       select id from refresh_tokens where user_id = $1 and ${LIVE} order by issued_at desc, id limit $2)`,
    [userId, MOST_SESSIONS],
  );
}
