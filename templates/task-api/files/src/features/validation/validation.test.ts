import assert from 'node:assert/strict';
import { test } from 'node:test';
import express from 'express';
import { z } from 'zod';
import { reportErrors } from '../../http/errors.ts';
import { Problem } from '../../http/problem.ts';
import { serve, testContext } from '../../testing/service.ts';
import { parse } from './parse.ts';
import { readBody } from './read-body.ts';

const Schema = z.strictObject({ name: z.string().min(2), tags: z.array(z.string()).optional() });

function errorsOf(input: unknown): readonly { pointer: string }[] {
  try {
    parse(Schema, input, 'body');
  } catch (error) {
    assert.ok(error instanceof Problem);
    assert.equal(error.status, 400);
    return error.errors ?? [];
  }
  return [];
}

const pointersOf = (input: unknown) => errorsOf(input).map(({ pointer }) => pointer);

test('every mistake is pointed at, at once', () => {
  assert.deepEqual(pointersOf({ name: 'x', tags: ['a', 1] }), ['/body/name', '/body/tags/1']);
});

test('a key that is not declared is refused, with its name escaped as a pointer asks', () => {
  assert.deepEqual(pointersOf({ name: 'xx', 'a/b~c': 1 }), ['/body/a~1b~0c']);
});

test('what is no object is refused as a whole', () => {
  for (const input of [undefined, null, 'text', 7, []]) assert.deepEqual(pointersOf(input), ['/body']);
});

test('text that cannot be stored is refused where it stands', () => {
  assert.deepEqual(pointersOf({ name: 'a\0b', tags: ['ok', '\uD800'] }), ['/body/name', '/body/tags/1']);
  assert.deepEqual(pointersOf({ name: 'fine 🧪' }), []);
});

test('the number of complaints is limited', () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`key${n}`, n]));
  assert.equal(errorsOf({ name: 'xx', ...many }).length, 50);
});

test('bodies: what is no JSON, too large or something else is refused', async () => {
  const { log } = await testContext();
  const app = express().use(readBody, (request, response) => void response.json({ body: request.body ?? null }));
  const url = await serve(app.use(reportErrors(log)));
  const status = async (body: string, type = 'application/json') =>
    (await fetch(url, { method: 'POST', body, headers: { 'Content-Type': type } })).status;
  assert.equal(await status('{"a":1}'), 200);
  assert.equal(await status('{"a":'), 400);
  assert.equal(await status(`"${'x'.repeat(102_401)}"`), 413);
  assert.equal(await status('{}', 'text/plain'), 415);
  assert.equal(await status('{}', 'application/json; charset=latin1'), 415);
  assert.equal(await status('{}', 'application/merge-patch+json'), 415);
  const patch = { method: 'PATCH', body: '{}', headers: { 'Content-Type': 'application/merge-patch+json' } };
  assert.equal((await fetch(url, patch)).status, 200);
});

test('a request without a body needs no media type', async () => {
  const { log } = await testContext();
  const url = await serve(express().use(readBody, (_request, response) => void response.end()).use(reportErrors(log)));
  assert.equal((await fetch(url)).status, 200);
  assert.equal((await fetch(url, { method: 'POST' })).status, 200);
});
