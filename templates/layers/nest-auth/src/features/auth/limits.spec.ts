import { randomUUID } from 'node:crypto';
import type { Response } from 'express';
import { beforeAll, expect, test } from 'vitest';
import { databaseOn } from '../../db/pool.ts';
import { Problem } from '../../http/problem.ts';
import type { Database } from '../../ports/database.ts';
import { testDatabase } from '../../testing/database.ts';
import { forgive, spend } from './limits.ts';

const THREE = Object.freeze({ name: 'three', hits: 3, seconds: 60 });
let db: Database;

beforeAll(async () => {
  db = databaseOn((await testDatabase()).pool);
});

async function tryOnce(subject: string): Promise<{ left: string | undefined; refused: boolean }> {
  const sent = new Map<string, string>();
  const response = { append: (name: string, value: string) => sent.set(name, value) } as unknown as Response;
  const refused = await spend(db, response, THREE, subject).then(
    () => false,
    (error: unknown) => error instanceof Problem && error.status === 429 && Number(error.headers['Retry-After']) > 0,
  );
  expect(sent.get('RateLimit-Policy')).toBe('"three";q=3;w=60');
  return { left: /^"three";r=(\d);t=\d+$/.exec(sent.get('RateLimit') ?? '')?.[1], refused };
}

test('so many tries, and not one more, however many come at once', async () => {
  const subject = randomUUID();
  const tries = await Promise.all(Array.from({ length: 12 }, () => tryOnce(subject)));
  expect(tries.filter(({ refused }) => !refused)).toHaveLength(3);
  expect(tries.map(({ left }) => left).toSorted().slice(-3)).toEqual(['0', '1', '2']);
});

test('subjects have tries of their own, in any case they are written', async () => {
  const subject = randomUUID();
  for (const spelling of [subject, subject.toUpperCase(), subject]) await tryOnce(spelling);
  expect((await tryOnce(subject)).refused).toBe(true);
  expect((await tryOnce(randomUUID())).refused).toBe(false);
});

test('a window that is over, and a subject that is forgiven, start anew', async () => {
  const subject = randomUUID();
  for (let round = 0; round < 4; round += 1) await tryOnce(subject);
  await db.query("update rate_limits set resets_at = now() - interval '1 second' where key like 'three:%'");
  expect(await tryOnce(subject)).toEqual({ left: '2', refused: false });
  await forgive(db, THREE, subject);
  expect(await tryOnce(subject)).toEqual({ left: '2', refused: false });
});

test('windows that are over are cleared away, and do not tell whose they were', async () => {
  await db.query("insert into rate_limits (key, hits, resets_at) values ($1, 1, now() - interval '1 day')", [randomUUID()]);
  await tryOnce(`${randomUUID()}@example.test`);
  expect(await db.query('select 1 from rate_limits where resets_at < now()')).toEqual([]);
  expect(await db.query("select 1 from rate_limits where key like '%example%'")).toEqual([]);
});
