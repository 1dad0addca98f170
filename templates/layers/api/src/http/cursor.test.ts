import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { decodeCursor, encodeCursor } from './cursor.ts';

test('a cursor comes back as the position that made it', () => {
  const position = { key: '2026-01-02 03:04:05.678+00', id: randomUUID() };
  assert.deepEqual(decodeCursor(encodeCursor('-createdAt', position), '-createdAt'), position);
});

test('no cursor is the beginning', () => {
  assert.equal(decodeCursor(undefined, 'title'), undefined);
});

test('a cursor of another order, or of nobody, is 400', () => {
  const foreign = encodeCursor('title', { key: 'a', id: randomUUID() });
  for (const cursor of [foreign, '', 'garbage', Buffer.from('[]').toString('base64url')]) {
    assert.throws(() => decodeCursor(cursor, 'dueAt'), { status: 400 });
  }
});
