import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Leaf, Outcome, Verdict } from './judge.ts';
import { renderFailures, renderSummary, renderTable } from './report.ts';

const leaf = (name: string, outcome: Leaf['outcome'], message?: string): Leaf => ({ evidence: 'a.one', name, outcome, ms: 1, ...(message && { message }) });

const verdict = (outcome: Outcome, ...leaves: Leaf[]): Verdict => ({ feature: 'a', evidence: 'a.one', outcome, leaves, ms: 12.4 });

test('the table has a line for each evidence, with words that programs can split', () => {
  const [head = '', line = ''] = renderTable([verdict('failed', leaf('x', 'passed'), leaf('y', 'failed'))], false).split('\n');
  assert.deepEqual(head.split(/\s+/), ['evidence', 'outcome', 'leaves', 'time']);
  assert.deepEqual(line.trim().split(/\s+/), ['a.one', 'failed', '1/2', '12', 'ms']);
});

test('colours are there only when they are asked for', () => {
  assert.ok(renderTable([verdict('proven')], true).includes('\u001B[32mproven'));
  assert.ok(!renderTable([verdict('proven')], false).includes('\u001B'));
});

test('a reason that many leaves share is told once, and a test that never ran is named', () => {
  const shared = ['x', 'y', 'z'].map((name) => leaf(name, 'failed', 'not built yet'));
  const text = renderFailures([verdict('failed', ...shared), { ...verdict('error'), evidence: 'a.two' }]);
  assert.equal(text.split('not built yet').length, 2);
  assert.match(text, /^x \(and 2 more\)/);
  assert.match(text, /a\.two: no test ran/);
});

test('what a project prints is cut short and cannot steer a terminal', () => {
  const text = renderFailures([verdict('failed', leaf('x', 'failed', `\u001B[2J${'line\n'.repeat(40)}`))]);
  assert.ok(!text.includes('\u001B'));
  assert.ok(text.split('\n').length < 20);
  assert.match(text, /more lines/);
});

test('nothing is said about leaves that passed', () => {
  assert.equal(renderFailures([verdict('proven', leaf('x', 'passed'))]), '');
  assert.equal(renderSummary([verdict('proven'), verdict('failed')]), '1 proven, 1 failed, 0 could not be judged');
});
