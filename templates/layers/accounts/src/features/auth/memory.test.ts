import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemory } from './memory.ts';

test('a value is remembered until its end', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1000 });
  const memory = createMemory<number>(2);
  memory.keep('a', 1, 2000);
  t.mock.timers.setTime(1999);
  assert.equal(memory.recall('a'), 1);
  t.mock.timers.setTime(2000);
  assert.equal(memory.recall('a'), undefined);
});

test('the oldest value gives way when there are too many', () => {
  const memory = createMemory<number>(2);
  for (const [value, key] of ['a', 'b', 'c'].entries()) memory.keep(key, value, Infinity);
  assert.deepEqual(['a', 'b', 'c'].map((key) => memory.recall(key)), [undefined, 1, 2]);
});
