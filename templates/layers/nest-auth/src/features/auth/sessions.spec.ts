import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { databaseOn } from '../../db/pool.ts';
import type { Database } from '../../ports/database.ts';
import type { Identity } from '../../ports/identity.ts';
import { ROLES } from '../../ports/roles.ts';
import { testDatabase } from '../../testing/database.ts';
import type { Claims } from './access-token.ts';
import { digestOf } from './refresh-token.ts';
import { endAllSessions, endSession, findLive, forgetSessions, listSessions, openSession, rotate, type OpenSession } from './sessions.ts';

const CLIENT = Object.freeze({ ip: '192.0.2.7', userAgent: 'test' });
let db: Database;

beforeAll(async () => {
  db = databaseOn((await testDatabase()).pool);
});

const ownerOf = async (session: Claims): Promise<Identity | undefined> => (await findLive(db, [session]))(session);
const isLive = async (session: Claims): Promise<boolean> => (await ownerOf(session)) !== undefined;

async function createUser(): Promise<string> {
  const id = randomUUID();
  await db.query("insert into users (id, email, password_hash) values ($1, $2, '!')", [id, `${id}@example.test`]);
  return id;
}

async function open(userId?: string): Promise<OpenSession> {
  const id = userId ?? (await createUser());
  return db.transaction((transaction) => openSession(transaction, id, CLIENT));
}

async function rotated(token: string): Promise<OpenSession> {
  const rotation = await rotate(db, token, CLIENT);
  if (rotation.outcome !== 'rotated') throw new Error(rotation.outcome);
  return rotation.session;
}

test('the database knows the digest of a token, not the token', async () => {
  const { refreshToken, sessionId } = await open();
  const [row] = await db.query<{ known: boolean; text: string }>(
    'select token_hash = $2 as known, t::text as text from refresh_tokens t where family_id = $1',
    [sessionId, digestOf(refreshToken)],
  );
  expect(row?.known).toBe(true);
  expect(row?.text).not.toContain(refreshToken);
});

test('a rotation keeps the session and its end, and gives a token that works in turn', async () => {
  const first = await open();
  const second = await rotated(first.refreshToken);
  const third = await rotated(second.refreshToken);
  expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3);
  expect(third.sessionId).toBe(first.sessionId);
  expect(third.expiresAt).toEqual(first.expiresAt);
  expect(await isLive(third)).toBe(true);
});

test('a token that comes twice ends its session, and no other of the user', async () => {
  const first = await open();
  const other = await open(first.userId);
  const second = await rotated(first.refreshToken);
  expect((await rotate(db, first.refreshToken, CLIENT)).outcome).toBe('reused');
  expect(await isLive(first)).toBe(false);
  expect((await rotate(db, second.refreshToken, CLIENT)).outcome).toBe('refused');
  expect(await isLive(other)).toBe(true);
});

test('parallel rotations have at most one successor', async () => {
  const { refreshToken, sessionId } = await open();
  const rotations = await Promise.all(Array.from({ length: 5 }, () => rotate(db, refreshToken, CLIENT)));
  expect(rotations.filter(({ outcome }) => outcome === 'rotated')).toHaveLength(1);
  expect(await db.query('select 1 from refresh_tokens where family_id = $1', [sessionId])).toHaveLength(2);
});

test('a session that was ended, has run out or belongs to a disabled user is none', async () => {
  const [ended, late, banned] = [await open(), await open(), await open()];
  expect(await endSession(db, ended.userId, ended.sessionId)).toBe(true);
  expect(await endSession(db, ended.userId, ended.sessionId)).toBe(false);
  await db.query("update refresh_tokens set expires_at = now() - interval '1 second' where family_id = $1", [late.sessionId]);
  await db.query('update users set disabled_at = now() where id = $1', [banned.userId]);
  for (const session of [ended, late, banned]) {
    expect(await isLive(session)).toBe(false);
    expect((await rotate(db, session.refreshToken, CLIENT)).outcome).toBe('refused');
  }
});

test('an unknown token is refused', async () => {
  expect((await rotate(db, 'nonsense', CLIENT)).outcome).toBe('refused');
});

test('a session belongs to its user, who has the role that the database says', async () => {
  const [mine, yours] = [await open(), await open()];
  expect(await endSession(db, mine.userId, yours.sessionId)).toBe(false);
  expect(await isLive({ userId: mine.userId, sessionId: yours.sessionId })).toBe(false);
  await endAllSessions(db, mine.userId);
  expect(await ownerOf(yours)).toEqual({ userId: yours.userId, role: ROLES[0] });
  await db.query("update users set role = 'admin' where id = $1", [yours.userId]);
  expect(await ownerOf(yours)).toEqual({ userId: yours.userId, role: 'admin' });
});

test('of whoever leaves, no session and no address stays', async () => {
  const [mine, yours] = [await open(), await open()];
  await rotated(mine.refreshToken);
  await forgetSessions(db, mine.userId);
  expect(await db.query('select 1 from refresh_tokens where user_id = $1', [mine.userId])).toEqual([]);
  expect(await isLive(yours)).toBe(true);
});

test('the list shows what is open, since when and from where', async () => {
  const first = await open();
  const second = await rotated((await open(first.userId)).refreshToken);
  const list = await listSessions(db, second);
  expect(list.map(({ id, current }) => [id, current])).toEqual([[second.sessionId, true], [first.sessionId, false]]);
  expect(list.every(({ ip, userAgent, createdAt, refreshedAt }) => ip === '192.0.2.7' && userAgent === 'test' && createdAt <= refreshedAt)).toBe(true);
});

test('the oldest of too many sessions ends, and rows that have run out go', async () => {
  const oldest = await open();
  const { userId } = oldest;
  const forgotten = randomUUID();
  await db.query("update refresh_tokens set issued_at = now() - interval '1 day' where family_id = $1", [oldest.sessionId]);
  await db.query(
    "insert into refresh_tokens (user_id, family_id, token_hash, expires_at) values ($1, $2, $3, now() - interval '1 day')",
    [userId, forgotten, digestOf(forgotten)],
  );
  for (let opened = 0; opened < 20; opened += 1) await open(userId);
  expect(await isLive(oldest)).toBe(false);
  expect(await listSessions(db, oldest)).toHaveLength(20);
  expect(await db.query('select 1 from refresh_tokens where family_id = $1', [forgotten])).toEqual([]);
});
