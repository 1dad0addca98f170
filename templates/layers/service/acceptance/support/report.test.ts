import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Leaf, Outcome, Verdict } from './judge.ts';
import { failuresOf, renderFailures, renderSummary, renderTable } from './report.ts';
import { renderMarkdown } from './summary.ts';

const leaf = (name: string, outcome: Leaf['outcome'], message?: string): Leaf => ({ evidence: 'a.one', name, outcome, ms: 1, ...(message && { message }) });

const verdict = (outcome: Outcome, ...leaves: Leaf[]): Verdict => ({ feature: 'a', evidence: 'a.one', outcome, leaves, ms: 12.4 });

const told = (verdicts: readonly Verdict[]) => renderFailures(failuresOf(verdicts, []));

test('the table has a line for each evidence, with words that programs can split', () => {
  const [head = '', line = '', free = ''] = renderTable(
    [verdict('failed', leaf('x', 'passed'), leaf('y', 'failed')), { ...verdict('failed'), free: 'stretch' }],
    false,
  ).split('\n');
  assert.deepEqual(head.split(/\s+/), ['evidence', 'outcome', 'leaves', 'time']);
  assert.deepEqual(line.trim().split(/\s+/), ['a.one', 'failed', '1/2', '12', 'ms']);
  assert.match(free, / ms {2}stretch$/);
});

test('colours are there only when they are asked for', () => {
  assert.ok(renderTable([verdict('proven')], true).includes('\u001B[32mproven'));
  assert.ok(!renderTable([verdict('proven')], false).includes('\u001B'));
});

test('a reason that many leaves share is told once, and a test that never ran is named', () => {
  const shared = ['x', 'y', 'z'].map((name) => leaf(name, 'failed', 'not built yet'));
  const text = told([verdict('failed', ...shared), { ...verdict('error'), evidence: 'a.two' }]);
  assert.equal(text.split('not built yet').length, 2);
  assert.match(text, /^x \(and 2 more\)/);
  assert.match(text, /a\.two: no test ran/);
});

test('a file that did not come to its end is told with its reason', () => {
  assert.equal(renderFailures(failuresOf([], [{ file: 'a.test.ts', message: 'so\nand so' }])), 'a.test.ts\n    so\n    and so');
});

test('what a project prints is cut short, steers no terminal and commands no CI', () => {
  const text = told([verdict('failed', leaf('x\n::add-mask::y', 'failed', `\u001B[2J::error::no\n${'line\n'.repeat(40)}`))]);
  assert.ok(!text.includes('\u001B'));
  assert.doesNotMatch(text, /^\s*::/m);
  assert.ok(text.split('\n').length < 24);
  assert.match(text, /more lines/);
});

test('nothing is said about leaves that passed', () => {
  assert.equal(told([verdict('proven', leaf('x', 'passed'))]), '');
  assert.equal(renderSummary([verdict('proven'), verdict('failed')]), '1 proven, 1 failed, 0 could not be judged');
});

const page = (...verdicts: Verdict[]) => renderMarkdown(verdicts, failuresOf(verdicts, []));

test('the page has a row for each evidence, and the reasons below', () => {
  const text = page(verdict('proven', leaf('x', 'passed')), { ...verdict('failed', leaf('a.one: y', 'failed', 'so')), free: 'stretch' });
  assert.ok(text.includes('| `a.one` | proven | 1/1 | 12 ms |\n| `a.one` | failed, stretch | 0/1 | 12 ms |\n'));
  assert.ok(text.endsWith('\n```text\na.one: y\n\nso\n```\n'));
});

test('nothing that a project prints leaves its block on the page', () => {
  const hostile = '```\n<img src=x>\n[a](http://x)\n~~~\n``````\n# Not a title';
  const lines = page(verdict('failed', leaf('a.one: ``` <b>', 'failed', hostile))).split('\n');
  const marks = '`'.repeat(7);
  const begin = lines.indexOf(`${marks}text`);
  assert.ok(begin > 0);
  assert.equal(lines.indexOf(marks), lines.length - 2);
  assert.deepEqual(lines.filter((line) => line.startsWith(marks)), [`${marks}text`, marks]);
  assert.doesNotMatch(lines.slice(0, begin).join('\n'), /<|http/);
});

test('the page stays small, and says what it leaves out', () => {
  const many = Array.from({ length: 100 }, (_, index) => ({ ...verdict('failed', leaf(`a.one: ${index}`, 'failed', `${index}${'x'.repeat(3900)}`)) }));
  const text = page(...many);
  assert.ok(text.length < 64_000);
  assert.match(text, /\nAnd \d+ more; the log has them all\.\n$/);
});
