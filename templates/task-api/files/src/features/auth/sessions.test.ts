import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { testDatabase } from '../../testing/database.ts';
import { createUser } from '../../testing/service.ts';
import type { Claims } from './access-token.ts';
import { digestOf } from './refresh-token.ts';
import { endAllSessions, endSession, findLive, forgetSessions, listSessions, openSession, rotate, type OpenSession } from './sessions.ts';

const CLIENT = Object.freeze({ ip: '192.0.2.7', userAgent: 'test' });
const db = await testDatabase();

const isLive = async (session: Claims): Promise<boolean> => (await findLive(db, [session]))(session) !== undefined;

async function open(userId?: string): Promise<OpenSession> {
  const id = userId ?? (await createUser(db));
  return db.transaction((transaction) => openSession(transaction, id, CLIENT));
}

async function rotated(token: string): Promise<OpenSession> {
  const rotation = await rotate(db, token, CLIENT);
  assert.equal(rotation.outcome, 'rotated');
  return rotation.outcome === 'rotated' ? rotation.session : assert.fail();
}

test('the database knows the digest of a token, not the token', async () => {
  const { refreshToken, sessionId } = await open();
  const [row] = await db.query<{ known: boolean; text: string }>(
    'select token_hash = $2 as known, t::text as text from refresh_tokens t where family_id = $1',
    [sessionId, digestOf(refreshToken)],
  );
  assert.equal(row?.known, true);
  assert.ok(!row.text.includes(refreshToken));
});

test('a rotation keeps the session and its end, and gives a token that works in turn', async () => {
  const first = await open();
  const second = await rotated(first.refreshToken);
  const third = await rotated(second.refreshToken);
  assert.equal(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size, 3);
  assert.equal(third.sessionId, first.sessionId);
  assert.deepEqual(third.expiresAt, first.expiresAt);
  assert.equal(await isLive(third), true);
});

test('a token that comes twice ends its session, and no other of the user', async () => {
  const first = await open();
  const other = await open(first.userId);
  const second = await rotated(first.refreshToken);
  assert.equal((await rotate(db, first.refreshToken, CLIENT)).outcome, 'reused');
  assert.equal(await isLive(first), false);
  assert.equal((await rotate(db, second.refreshToken, CLIENT)).outcome, 'refused');
  assert.equal(await isLive(other), true);
});

test('parallel rotations have at most one successor', async () => {
  const { refreshToken, sessionId } = await open();
  const rotations = await Promise.all(Array.from({ length: 5 }, () => rotate(db, refreshToken, CLIENT)));
  assert.equal(rotations.filter(({ outcome }) => outcome === 'rotated').length, 1);
  const rows = await db.query('select 1 from refresh_tokens where family_id = $1', [sessionId]);
  assert.equal(rows.length, 2);
});

test('a session that was ended, has run out or belongs to a disabled user is none', async () => {
  const [ended, late, banned] = [await open(), await open(), await open()];
  assert.equal(await endSession(db, ended.userId, ended.sessionId), true);
  assert.equal(await endSession(db, ended.userId, ended.sessionId), false);
  await db.query("update refresh_tokens set expires_at = now() - interval '1 second' where family_id = $1", [late.sessionId]);
  await db.query('update users set disabled_at = now() where id = $1', [banned.userId]);
  for (const session of [ended, late, banned]) {
    assert.equal(await isLive(session), false);
    assert.equal((await rotate(db, session.refreshToken, CLIENT)).outcome, 'refused');
  }
});

test('an unknown token is refused', async () => {
  assert.equal((await rotate(db, 'nonsense', CLIENT)).outcome, 'refused');
});

test('a session belongs to its user', async () => {
  const [mine, yours] = [await open(), await open()];
  assert.equal(await endSession(db, mine.userId, yours.sessionId), false);
  assert.equal(await isLive({ userId: mine.userId, sessionId: yours.sessionId }), false);
  await endAllSessions(db, mine.userId);
  assert.equal(await isLive(yours), true);
});

test('of whoever leaves, no session and no address stays', async () => {
  const [mine, yours] = [await open(), await open()];
  await rotated(mine.refreshToken);
  await forgetSessions(db, mine.userId);
  assert.deepEqual(await db.query('select 1 from refresh_tokens where user_id = $1', [mine.userId]), []);
  assert.equal(await isLive(yours), true);
});

test('the list shows what is open, since when and from where', async () => {
  const first = await open();
  const second = await rotated((await open(first.userId)).refreshToken);
  const list = await listSessions(db, second);
  assert.deepEqual(list.map(({ id, current }) => [id, current]), [[second.sessionId, true], [first.sessionId, false]]);
  assert.ok(list.every(({ ip, userAgent, createdAt, refreshedAt }) => ip === '192.0.2.7' && userAgent === 'test' && createdAt <= refreshedAt));
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
  assert.equal(await isLive(oldest), false);
  assert.equal((await listSessions(db, oldest)).length, 20);
  assert.deepEqual(await db.query('select 1 from refresh_tokens where family_id = $1', [forgotten]), []);
});
