import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inBatches } from './batch.ts';

test('questions that come together are asked together, later ones again', async () => {
  const asked: (readonly number[])[] = [];
  const double = inBatches((keys: readonly number[]) => {
    asked.push(keys);
    return Promise.resolve((key: number) => key * 2);
  });
  assert.deepEqual(await Promise.all([double(1), double(2), double(2)]), [2, 4, 4]);
  assert.equal(await double(1), 2);
  assert.deepEqual(asked, [[1, 2, 2], [1]]);
});

test('a question that cannot be asked fails for everyone who waits, and only for them', async () => {
  let working = false;
  const answer = inBatches<number, string>(() => (working ? Promise.resolve(() => 'yes') : Promise.reject(new Error('no connection'))));
  const both = await Promise.allSettled([answer(1), answer(2)]);
  assert.deepEqual(both.map(({ status }) => status), ['rejected', 'rejected']);
  working = true;
  assert.equal(await answer(1), 'yes');
});
