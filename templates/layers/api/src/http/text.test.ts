import assert from 'node:assert/strict';
import { test } from 'node:test';
import { label, text } from './text.ts';

test('characters are counted as the database counts them', () => {
  assert.equal(text(3).safeParse('🧪🧪🧪').success, true);
  assert.equal(text(3).safeParse('🧪🧪🧪🧪').success, false);
  assert.equal(label(3).safeParse('abcd').success, false);
});

test('a label has something in it, and no space around it', () => {
  assert.equal(label(9).parse(' a b\n'), 'a b');
  for (const blank of ['', ' ', '\n\t', '\u00a0']) assert.equal(label(9).safeParse(blank).success, false);
});

test('what cannot be stored is refused', () => {
  for (const schema of [text(9), label(9)]) assert.equal(schema.safeParse('a\0b').success, false);
  assert.equal(text(9).parse(''), '');
});
