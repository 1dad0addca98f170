import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { assertAcceptable, createPasswords } from './passwords.ts';

const passwords = createPasswords();

test('a password matches its own hash alone, and two hashes of it differ', async () => {
  const password = randomBytes(12).toString('base64url');
  const [one, other] = await Promise.all([passwords.hash(password), passwords.hash(password)]);
  assert.notEqual(one, other);
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]{22}\$[^$]{43}$/);
  assert.equal(await passwords.verify(one, password), true);
  assert.equal(await passwords.verify(one, `${password} `), false);
});

test('the last character of the longest password counts', async () => {
  const password = randomBytes(96).toString('base64url');
  assert.equal(password.length, 128);
  const hash = await passwords.hash(password);
  assert.equal(await passwords.verify(hash, `${password.slice(0, -1)}~`), false);
});

test('hashes of other programs are understood', async () => {
  // The test vector of the reference implementation.
  const foreign = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
  assert.equal(await passwords.verify(foreign, 'password'), true);
  assert.equal(await passwords.verify(foreign, 'Password'), false);
});

test('nobody, and who has no password, match nothing', async () => {
  for (const stored of [undefined, '!', '', '$argon2id$v=19$m=8,t=1,p=1$']) {
    assert.equal(await passwords.verify(stored, 'teapot ledger ravine'), false);
  }
});

const judge = (password: unknown) => () => assertAcceptable(password, 'someone@long.example.test', '/body/password');

test('a new password has 12 to 128 characters, is not common and not the address', () => {
  for (const password of ['short', 'x9'.repeat(65), 'password1234', 'Someone@long.example.test', undefined, 123456789012, ['teapot ledger ravine']]) {
    assert.throws(judge(password), { status: 400 });
  }
  for (const password of ['teapot ledger ravine', '  spaces kept  ', '日本語のパスワードです、十二']) assert.doesNotThrow(judge(password));
});
