import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonOf } from './reason.ts';
import { printable, printableLine, shorten } from './text.ts';

test('nothing that steers a terminal is left', () => {
  const steering = '\u001B[31mred\u001B[0m \u001B]0;title\u0007\u009B2Jx\u0000\u0008\u007F';
  assert.equal(printable(steering), 'red x');
  assert.equal(printable('a\tb\r\nc\rd\u2028e'), 'a\tb\nc\nd\ne');
  assert.equal(printable('\u202Eab\u2066c\u200Bd\uFEFF\uD800'), 'abcd');
  assert.equal(printable('Grüße, 世界 🎉'), 'Grüße, 世界 🎉');
});

test('no line is a command to a CI service, whatever stands before it', () => {
  const spaces = ['', ' ', '\t', '\u00A0\u3000', '\u200B', '\u001B[0m', 'x\n', 'x\r', 'x\u2028', 'x\u0085 ', 'x\v', '\n\n  '];
  for (const space of spaces) {
    const shown = printable(`${space}::set-output name=a::b`);
    assert.doesNotMatch(shown, /^\s*::/m, JSON.stringify(space));
    assert.match(shown, /\\::set-output name=a::b$/);
  }
  for (const old of ['##[error]x', 'text ##[add-path]x', '###[group]', '##vso[task.x]', '#\u200B#[x]', '##VSO[x]']) {
    assert.doesNotMatch(printable(old), /##(\[|vso\[)/i, old);
  }
  assert.equal(printable('a ::b c::d # ## [x]'), 'a ::b c::d # ## [x]');
});

test('what is printable already stays as it is', () => {
  for (const text of ['::a', '##[b]', ' \u001B[1m::c', '\\::d']) assert.equal(printable(printable(text)), printable(text));
});

test('long text of white space is made printable without delay', () => {
  const begun = performance.now();
  for (const piece of [' ', '\n', '\t\n', '\r', ' :', '#']) printable(piece.repeat(60_000));
  assert.ok(performance.now() - begun < 2000);
});

test('a line is one line, and no longer than it may be', () => {
  assert.equal(printableLine(' a\n::b\t c '), String.raw`a \::b c`);
  assert.ok(printableLine('x'.repeat(1000)).length <= 300);
  assert.ok(shorten('🎉'.repeat(100), 52).isWellFormed());
});

/** What node:test would hand over. */
function failure(body: () => unknown): Error {
  try {
    body();
  } catch (error) {
    return Object.assign(new Error('wrapped', { cause: error }), { code: 'ERR_TEST_FAILURE' });
  }
  throw new Error('it did not fail');
}

test('a failed leaf tells its assertion, with what was expected and what there was', () => {
  assert.match(reasonOf(failure(() => assert.equal(409, 200, 'the second is refused'))), /^the second is refused\n+(409 !== 200|expected: 200\nactual: {3}409)$/);
  assert.match(reasonOf(failure(() => assert.deepEqual({ a: 1 }, { a: 2 }))), /\+ {3}a: 1\n-\s+a: 2/);
  assert.match(reasonOf(failure(() => assert.match('abc', /x/, 'its name'))), /^its name\nexpected: \/x\/\nactual: {3}'abc'$/);
});

test('what is no comparison tells its words alone', () => {
  assert.equal(reasonOf(failure(() => assert.fail('so'))), 'so');
  assert.equal(reasonOf(failure(() => assert.ok(false, 'not so'))), 'not so');
  const thrown = (value: unknown) => failure(() => {
    throw value;
  });
  assert.equal(reasonOf(thrown(new TypeError('fetch failed'))), 'fetch failed');
  assert.equal(reasonOf(thrown(new AggregateError([new Error('one'), Object.assign(new Error(''), { code: 'ECONNREFUSED' })]))), 'one; ECONNREFUSED');
  assert.equal(reasonOf(thrown('just text')), 'just text');
  assert.equal(reasonOf(new Error('unwrapped')), 'unwrapped');
});

test('a reason is never longer than it may be', () => {
  const long = failure(() => assert.equal('x'.repeat(50_000), 'y', 'z'.repeat(50_000)));
  assert.ok(reasonOf(long).length <= 4000);
});
