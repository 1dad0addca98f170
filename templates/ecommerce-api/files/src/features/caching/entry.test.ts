import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opened, sealed } from './entry.ts';

const text = sealed('key', 'version', { title: 'Überhemd 🧥', price: null });

test('what was kept comes back, null as well', () => {
  assert.deepEqual(opened('key', 'version', text), { value: { title: 'Überhemd 🧥', price: null } });
  assert.deepEqual(opened('key', 'version', sealed('key', 'version', null)), { value: null });
});

test('an entry of another version or another key is none', () => {
  assert.equal(opened('key', 'other', text), undefined);
  assert.equal(opened('other', 'version', text), undefined);
});

test('nothing that was not sealed here is an entry', () => {
  for (const foreign of [null, undefined, '', 'garbage', '{}', 'version', 'version\n', 'version\n\n{}', `version\n${'x'.repeat(43)}\n{}`]) {
    assert.equal(opened('key', 'version', foreign), undefined, String(foreign));
  }
  for (let length = 0; length < text.length; length += 1) assert.equal(opened('key', 'version', text.slice(0, length)), undefined);
  for (let at = 0; at < text.length; at += 1) assert.equal(opened('key', 'version', `${text.slice(0, at)}~${text.slice(at + 1)}`), undefined);
});
