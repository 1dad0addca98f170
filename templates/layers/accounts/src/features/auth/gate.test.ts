import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGate } from './gate.ts';

function work() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { promise, resolve, reject };
}

test('so many run, so many wait, the rest is refused', async () => {
  const gate = createGate({ running: 1, waiting: 1 }, () => new Error('full'));
  const [first, second] = [work(), work()];
  let started = 0;
  const run = (piece: { promise: Promise<void> }) => gate(() => {
    started += 1;
    return piece.promise;
  });
  const running = run(first);
  const waiting = run(second);
  await assert.rejects(run(work()), /full/);
  assert.equal(started, 1);
  first.resolve();
  await running;
  second.resolve();
  await waiting;
  assert.equal(started, 2);
});

test('work that fails makes room as well', async () => {
  const gate = createGate({ running: 1, waiting: 0 }, () => new Error('full'));
  await assert.rejects(gate(() => Promise.reject(new Error('broken'))), /broken/);
  assert.equal(await gate(() => Promise.resolve('done')), 'done');
});
