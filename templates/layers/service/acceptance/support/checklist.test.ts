import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFeatures, parseProven, parseWaived, readFeatures, readProven } from './checklist.ts';
import { CannotRun } from './errors.ts';

const NONE: ReadonlySet<string> = new Set();
const checklist = (...features: unknown[]) => JSON.stringify({ schema: 1, features });
const results = (features: unknown) => JSON.stringify({ schema: 1, features });
const evidence = (piece: object) => checklist({ id: 'a', evidence: [{ id: 'a.one', kind: 'test', ...piece }] });

/** Says that a record is broken, in one line that names its file. */
function saysOf(what: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof CannotRun);
    assert.equal(error.exitCode, 3);
    assert.match(error.message, what);
    assert.match(error.message, /^\.scaffolder\/(checklist\.yml|results\.json|attested\.yml): [^\n]+$/);
    return true;
  };
}

test('the checklist names features, each with its file and its evidence', async () => {
  const features = await readFeatures([]);
  assert.ok(features.length > 0);
  for (const { id, file, evidence: pieces } of features) {
    assert.ok(file.endsWith(`${id}.test.ts`));
    assert.ok(pieces.every((piece) => piece.id.startsWith(`${id}.`)), id);
  }
  const [first] = features;
  assert.deepEqual(await readFeatures([first?.id ?? '']), [first]);
});

test('a feature that there is not is a mistake of whoever asks', async () => {
  for (const id of ['nonsense', '']) await assert.rejects(readFeatures([id]), { name: 'CannotRun', exitCode: 2 });
});

test('what was proven is known by name', async () => {
  const known = new Set((await readFeatures([])).map(({ id }) => id));
  assert.deepEqual([...(await readProven())].filter((id) => !known.has(id)), []);
});

test('levels, limits and waivers are read; other kinds of evidence are left to others', () => {
  const text = checklist(
    { id: 'a', evidence: [{ id: 'a.one', kind: 'test', timeout_s: 5 }, { id: 'a.link', kind: 'attested' }] },
    { id: 'b', level: 'stretch', evidence: [{ id: 'b.one', kind: 'test', level: 'stretch' }] },
    { id: 'c' },
  );
  const features = parseFeatures(text, new Set(['b', 'other']));
  assert.deepEqual(features.map(({ id, level, waived }) => [id, level, waived]), [['a', 'must', false], ['b', 'stretch', true], ['c', 'must', false]]);
  assert.deepEqual(features.map((feature) => feature.evidence), [[{ id: 'a.one', level: 'must', limitS: 5 }], [{ id: 'b.one', level: 'stretch' }], []]);
});

test('once proven is proven now, or failed as a regression', () => {
  const text = results({ a: { outcome: 'proven' }, b: { outcome: 'failed', flags: ['regressed'] }, c: { outcome: 'failed' }, d: { outcome: 'todo', flags: [] } });
  assert.deepEqual([...parseProven(text)], ['a', 'b']);
});

test('only features are waived, and only by that word', () => {
  const text = 'schema: 1\nattestations:\n- {id: a, waive: true, reason: x, date: 2026-01-01}\n- {id: b.one, link: "https://example.org", reason: x, date: 2026-01-01}\n- {id: c, waive: false}\n';
  assert.deepEqual([...parseWaived(text)], ['a']);
});

const CONFLICT = '{\n<<<<<<< HEAD\n"schema": 1\n=======\n"schema": 2\n>>>>>>> other\n}';
const BROKEN_CHECKLISTS: readonly (readonly [string, RegExp])[] = [
  ['schema: 2\nfeatures: []', /schema 2 is newer/],
  ['features: []', /schema: must be 1/],
  ['schema: "1"\nfeatures: []', /schema: must be 1/],
  ['a: [', /is not YAML: .*line 1/],
  ['schema: 1\nschema: 1', /is not YAML/],
  ['', /must be a mapping/],
  [CONFLICT, /line 2: a conflict/],
  ['schema: 1', /features: must be a list/],
  [checklist('a'), /features\[0\]: must be a mapping/],
  [checklist({ id: '../x' }), /features\[0\]\.id: cannot be "\.\.\/x"/],
  [checklist({}), /features\[0\]\.id: is missing/],
  [checklist({ id: 'a' }, { id: 'a' }), /the id a stands twice/],
  [checklist({ id: 'a', level: 'maybe' }), /features\[0\]\.level: cannot be "maybe"/],
  [evidence({ id: 'one' }), /evidence of a: cannot be "one"/],
  [evidence({ id: 'a.one: ' }), /evidence of a/],
  [evidence({ level: 1 }), /a\.one\.level: cannot be 1/],
  [evidence({ timeout_s: 0 }), /a\.one\.timeout_s: must be a whole number/],
  [evidence({ timeout_s: 1.5 }), /timeout_s/],
  [evidence({ timeout_s: '5' }), /timeout_s/],
];

test('a broken checklist is told precisely', () => {
  for (const [text, what] of BROKEN_CHECKLISTS) assert.throws(() => parseFeatures(text, NONE), saysOf(what), text);
});

test('broken results are told precisely', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /is not JSON/],
    ['{"schema": 1,\n}', /is not JSON: .*line 2/],
    ['[]', /must be a mapping/],
    [CONFLICT, /line 2: a conflict/],
    ['{"schema": 2, "features": {}}', /schema 2 is newer/],
    ['{"features": {}}', /schema: must be 1/],
    ['{"schema": 1}', /features: must be a mapping/],
    [results({ a: 'proven' }), /features\.a: must be a mapping/],
    [results({ a: {} }), /features\.a\.outcome/],
    [results({ a: { outcome: 'proven', flags: 'regressed' } }), /features\.a\.flags: must be a list/],
  ];
  for (const [text, what] of cases) assert.throws(() => parseProven(text), saysOf(what), text);
});

test('broken attestations are told precisely', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['schema: 3\nattestations: []', /schema 3 is newer/],
    ['schema: 1', /attestations: must be a list/],
    ['schema: 1\nattestations: [a]', /attestations\[0\]: must be a mapping/],
    ['schema: 1\nattestations: [{waive: true}]', /waived attestation 1: is missing/],
  ];
  for (const [text, what] of cases) assert.throws(() => parseWaived(text), saysOf(what), text);
});
