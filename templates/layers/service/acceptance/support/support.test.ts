import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { serverUrl } from './database.ts';
import { problemOf } from './http.ts';
import { until } from './poll.ts';
import { randomFrom } from './random.ts';

const NAMES = ['ACCEPTANCE_DATABASE_URL', 'ACCEPTANCE_ALLOW_REMOTE'] as const;
let kept: readonly (string | undefined)[];

beforeEach(() => {
  kept = NAMES.map((name) => process.env[name]);
});

afterEach(() => {
  for (const [index, name] of NAMES.entries()) {
    if (kept[index] === undefined) delete process.env[name];
    else process.env[name] = kept[index];
  }
});

const serverFor = (url: string) => {
  process.env['ACCEPTANCE_DATABASE_URL'] = url;
  return serverUrl();
};

test('databases are made on this machine alone, unless somebody says otherwise', () => {
  delete process.env['ACCEPTANCE_ALLOW_REMOTE'];
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '[::1]']) assert.ok(serverFor(`postgres://${host}:5432/x`));
  const remote = ['postgres://db.example.org/x', 'postgres://127.0.0.1.example.org/x', 'postgres://localhost/x?host=db.example.org', 'nonsense', ''];
  for (const url of remote) assert.throws(() => serverFor(url), { exitCode: 4 }, url);
  process.env['ACCEPTANCE_ALLOW_REMOTE'] = '1';
  assert.equal(serverFor('postgres://db.example.org/x').hostname, 'db.example.org');
});

function draw(seed: string): readonly unknown[] {
  const random = randomFrom(seed);
  return [random.int(0, 1e6), random.word(), random.pick([1, 2, 3]), random.shuffle([1, 2, 3, 4, 5])];
}

test('the same seed gives the same data', () => {
  assert.deepEqual(draw('a'), draw('a'));
  assert.notDeepEqual(draw('a'), draw('b'));
});

test('waiting ends with the answer, or says what it waited for', async () => {
  let asked = 0;
  assert.equal(await until('three', async () => (asked += 1) === 3 && asked, { everyMs: 1 }), 3);
  await assert.rejects(until('the moon', async () => false, { withinMs: 5, everyMs: 1 }), /the moon/);
});

test('a problem has to look like one, and to keep stack and SQL to itself', () => {
  const body = { type: 'about:blank', title: 'Not Found', status: 404, detail: 'x', instance: '/', code: 'x', requestId: 'x' };
  const answerOf = (change: object, type = 'application/problem+json') => {
    const changed = { ...body, ...change };
    return { status: changed.status, headers: new Headers({ 'Content-Type': type }), text: JSON.stringify(changed), body: changed };
  };
  assert.equal(problemOf(answerOf({}), 404).code, 'x');
  assert.throws(() => problemOf(answerOf({}), 400));
  assert.throws(() => problemOf(answerOf({}, 'application/json'), 404));
  for (const change of [{ code: undefined }, { detail: 'at x (/app/x.ts:1:2)' }, { detail: 'select id from users' }]) {
    assert.throws(() => problemOf(answerOf(change), 404), JSON.stringify(change));
  }
});
