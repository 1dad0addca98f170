import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sort } from './schema.ts';
import { orderOf } from './sorting.ts';

test('a minus turns the order around', () => {
  assert.deepEqual([orderOf('title').direction, orderOf('-title').direction], ['asc', 'desc']);
  assert.equal(orderOf().name, '-createdAt');
});

test('only texts of our own become SQL', () => {
  for (const sort of ['id', 'title; drop table products', '__proto__', '--title', '']) {
    assert.throws(() => orderOf(sort as Sort), { status: 400 });
  }
});
