import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { isCommon } from './common-passwords.ts';

const COMMON = `password1234 Password123! P@ssw0rd1234 passwordpassword MyPassword2024 qwertyuiop123 QWERTYUIOP[]
  1qaz2wsx3edc 1q2w3e4r5t6y 123456789012 098765432109 abcdefghijkl aaaaaaaaaaaa abcabcabcabc 121212121212
  iloveyou1234 letmein12345 administrator welcome2welcome correct-horse-battery-staple trustno1trustno1 unbelievable`;

test('what guessing tools try first is common, in any case and decoration', () => {
  for (const password of COMMON.split(/\s+/)) assert.equal(isCommon(password), true, password);
});

test('words that nobody lists, and random text, are not', () => {
  for (const password of ['teapot ledger ravine', 'Zwölf Boxkämpfer 7', 'grazing-velvet-osmosis', '847362947561']) {
    assert.equal(isCommon(password), false, password);
  }
  for (let round = 0; round < 200; round += 1) assert.equal(isCommon(randomBytes(9).toString('base64url')), false);
});

test('the longest password is judged at once, whatever it is made of', () => {
  const started = performance.now();
  for (const piece of ['password', 'a', 'me', '1', ' ', 'ab!']) isCommon(`${piece.repeat(128).slice(0, 127)}~`);
  assert.ok(performance.now() - started < 200);
});
