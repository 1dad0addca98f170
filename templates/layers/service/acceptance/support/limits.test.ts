import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { DEFAULT_LIMIT_S, limitOf, limitOfSetUp, publishLimits, within } from './limits.ts';

const kept = process.env['ACCEPTANCE_LIMITS'];

afterEach(() => {
  if (kept === undefined) delete process.env['ACCEPTANCE_LIMITS'];
  else process.env['ACCEPTANCE_LIMITS'] = kept;
});

test('a piece of evidence has the limit of the checklist, or the usual one', () => {
  delete process.env['ACCEPTANCE_LIMITS'];
  assert.equal(limitOf('a.one'), DEFAULT_LIMIT_S);
  publishLimits({ 'a.one': 5 });
  assert.equal(limitOf('a.one'), 5);
  assert.equal(limitOf('a.two'), DEFAULT_LIMIT_S);
});

test('setting a feature up may take as long as the most patient of its evidence', () => {
  publishLimits({ 'a.one': 5, 'b.one': DEFAULT_LIMIT_S + 1, 'b.two': 7, 'bc.one': DEFAULT_LIMIT_S + 2 });
  assert.deepEqual([limitOfSetUp('a'), limitOfSetUp('b'), limitOfSetUp('c')], [DEFAULT_LIMIT_S, DEFAULT_LIMIT_S + 1, DEFAULT_LIMIT_S]);
});

test('work that hangs fails with its limit, and work that ends is let alone', async () => {
  assert.equal(await within(5, 'it hung', Promise.resolve('done')), 'done');
  await assert.rejects(within(5, 'it hung', Promise.reject(new Error('its own'))), /its own/);
  await assert.rejects(within(0.01, 'it hung', new Promise(() => {})), /^Error: it hung after 0\.01 s, its time limit$/);
});
