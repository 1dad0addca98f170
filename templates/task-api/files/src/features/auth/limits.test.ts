import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Response } from 'express';
import { Problem } from '../../http/problem.ts';
import { testDatabase } from '../../testing/database.ts';
import { forgive, spend } from './limits.ts';

const THREE = Object.freeze({ name: 'three', hits: 3, seconds: 60 });

async function tryOnce(subject: string): Promise<{ left: string | undefined; refused: boolean }> {
  const sent = new Map<string, string>();
  const response = { append: (name: string, value: string) => sent.set(name, value) } as unknown as Response;
  const refused = await spend(await testDatabase(), response, THREE, subject).then(
    () => false,
    (error: unknown) => error instanceof Problem && error.status === 429 && Number(error.headers['Retry-After']) > 0,
  );
  assert.equal(sent.get('RateLimit-Policy'), '"three";q=3;w=60');
  return { left: /^"three";r=(\d);t=\d+$/.exec(sent.get('RateLimit') ?? '')?.[1], refused };
}

test('so many tries, and not one more, however many come at once', async () => {
  const subject = randomUUID();
  const tries = await Promise.all(Array.from({ length: 12 }, () => tryOnce(subject)));
  assert.equal(tries.filter(({ refused }) => !refused).length, 3);
  assert.deepEqual(tries.map(({ left }) => left).toSorted().slice(-3), ['0', '1', '2']);
});

test('subjects have tries of their own, in any case they are written', async () => {
  const subject = randomUUID();
  for (const spelling of [subject, subject.toUpperCase(), subject]) await tryOnce(spelling);
  assert.equal((await tryOnce(subject)).refused, true);
  assert.equal((await tryOnce(randomUUID())).refused, false);
});

test('a window that is over, and a subject that is forgiven, start anew', async () => {
  const db = await testDatabase();
  const subject = randomUUID();
  for (let round = 0; round < 4; round += 1) await tryOnce(subject);
  await db.query("update rate_limits set resets_at = now() - interval '1 second' where key like 'three:%'");
  assert.deepEqual(await tryOnce(subject), { left: '2', refused: false });
  await forgive(db, THREE, subject);
  assert.deepEqual(await tryOnce(subject), { left: '2', refused: false });
});

test('windows that are over are cleared away, and do not tell whose they were', async () => {
  const db = await testDatabase();
  await db.query("insert into rate_limits (key, hits, resets_at) values ($1, 1, now() - interval '1 day')", [randomUUID()]);
  const subject = `${randomUUID()}@example.test`;
  await tryOnce(subject);
  assert.deepEqual(await db.query('select 1 from rate_limits where resets_at < now()'), []);
  assert.deepEqual(await db.query("select 1 from rate_limits where key like '%example%'"), []);
});
