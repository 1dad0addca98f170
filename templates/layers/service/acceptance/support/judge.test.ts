import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence, Feature } from './checklist.ts';
import { broken, exitCode, judge, unreached, type Leaf, type Verdict } from './judge.ts';

const must = (id: string): Evidence => ({ id, level: 'must' });

const feature = (id: string, ...evidence: string[]): Feature => ({ id, level: 'must', waived: false, file: `${id}.test.ts`, evidence: evidence.map(must) });

const leaf = (evidence: string, outcome: Leaf['outcome'] = 'passed', ms = 1): Leaf => ({ evidence, name: `${evidence}: x`, outcome, ms });

const outcomes = (verdicts: readonly Verdict[]) => verdicts.map(({ evidence, outcome }) => `${evidence} ${outcome}`);

test('evidence is proven by leaves that all passed, and takes as long as they did', () => {
  const verdicts = judge([feature('a', 'a.one', 'a.two')], [leaf('a.one', 'passed', 2), leaf('a.one', 'passed', 3), leaf('a.two')]);
  assert.deepEqual(outcomes(verdicts), ['a.one proven', 'a.two proven']);
  assert.equal(verdicts[0]?.ms, 5);
});

test('one leaf that failed is enough, even beside one that was skipped', () => {
  const leaves = [leaf('a.one'), leaf('a.one', 'skipped'), leaf('a.one', 'failed')];
  assert.deepEqual(outcomes(judge([feature('a', 'a.one')], leaves)), ['a.one failed']);
});

test('what never ran, or was skipped, is not judged', () => {
  const verdicts = judge([feature('a', 'a.one', 'a.two')], [leaf('a.two', 'skipped'), leaf('a.other')]);
  assert.deepEqual(outcomes(verdicts), ['a.one error', 'a.two error']);
});

test('what began in a file that did not come to its end is not proven by its beginning', () => {
  const leaves = [leaf('a.one'), leaf('a.one'), leaf('a.two', 'failed'), ...unreached('a.test.ts', ['a.one', 'a.one', 'a.two'])];
  assert.equal(leaves.length, 5);
  assert.deepEqual(outcomes(judge([feature('a', 'a.one', 'a.two')], leaves)), ['a.one error', 'a.two failed']);
});

test('a failure counts where it must hold, and then before anything else', () => {
  const verdicts = judge([feature('a', 'a.one'), feature('b', 'b.one')], [leaf('a.one', 'failed')]);
  assert.equal(exitCode(verdicts, () => true), 1);
  assert.equal(exitCode(verdicts, (id) => id === 'a'), 1);
  assert.equal(exitCode(verdicts, (id) => id === 'b'), 4);
  assert.deepEqual(broken(verdicts, () => true), ['a.one']);
});

test('without failures that count, and with everything judged, all is well', () => {
  const verdicts = judge([feature('a', 'a.one')], [leaf('a.one', 'failed')]);
  assert.equal(exitCode(verdicts, () => false), 0);
  assert.equal(exitCode([], () => true), 0);
});

test('what is stretch or waived never counts, whether it fails or cannot be judged', () => {
  const base = feature('a', 'a.one', 'a.two');
  const leaves = [leaf('a.one', 'failed')];
  const free: readonly Feature[] = [
    { ...base, level: 'stretch' },
    { ...base, waived: true },
    { ...base, evidence: base.evidence.map((piece) => ({ ...piece, level: 'stretch' })) },
  ];
  for (const one of free) {
    const verdicts = judge([one], leaves);
    assert.deepEqual(outcomes(verdicts), ['a.one failed', 'a.two error']);
    assert.equal(exitCode(verdicts, () => true), 0);
  }
  assert.equal(exitCode(judge([{ ...base, evidence: [{ id: 'a.one', level: 'stretch' }, must('a.two')] }], leaves), () => true), 4);
});
