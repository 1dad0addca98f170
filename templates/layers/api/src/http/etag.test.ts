import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Request } from 'express';
import { assertMatches, optionalIfMatch, requireIfMatch } from './etag.ts';

const sending = (header?: string) => ({ get: () => header }) as unknown as Request;

test('If-Match: a list of strong tags gives their versions', () => {
  assert.deepEqual(requireIfMatch(sending('"3", "12"')), [3, 12]);
});

test('If-Match: weak and foreign tags match nothing', () => {
  assert.deepEqual(requireIfMatch(sending('W/"3", "abc"')), []);
  assert.throws(() => assertMatches([], 3), { status: 412 });
});

test('If-Match: a star accepts any version', () => {
  assert.equal(requireIfMatch(sending('*')), null);
  assert.doesNotThrow(() => assertMatches(null, 3));
});

test('If-Match: missing is 428 where it is required, and fine where it is not', () => {
  assert.throws(() => requireIfMatch(sending()), { status: 428 });
  assert.equal(optionalIfMatch(sending()), null);
});

test('If-Match: garbage is 400', () => {
  assert.throws(() => requireIfMatch(sending('3')), { status: 400 });
});
