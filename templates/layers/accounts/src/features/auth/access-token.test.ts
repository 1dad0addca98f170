import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { manifest } from '../../manifest.ts';
import { createAccessTokens } from './access-token.ts';

const secret = randomBytes(32).toString('base64url');
const tokens = createAccessTokens(secret);
const claims = { userId: randomUUID(), sessionId: randomUUID() };
const now = Math.floor(Date.now() / 1000);

type Parts = Readonly<Record<string, unknown>>;

function forge(changes: Parts = {}, header: Parts = {}, key = secret): Promise<string> {
  const payload = { sub: claims.userId, sid: claims.sessionId, iss: manifest.name, aud: manifest.name, iat: now, exp: now + 600, ...changes };
  const given = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
  return new SignJWT(given).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...header }).sign(Buffer.from(key));
}

test('a token says what was signed, to every process that has the secret', async () => {
  const token = await tokens.sign(claims);
  assert.deepEqual(await createAccessTokens(secret).verify(token), claims);
  assert.deepEqual(await tokens.verify(await forge()), claims);
});

test('a token that was good a moment ago runs out all the same', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const begun = Math.floor(Date.now() / 1000);
  const [own, long] = [await tokens.sign(claims), await forge({ iat: begun, exp: begun + 86_400 })];
  for (const token of [own, long]) assert.deepEqual(await tokens.verify(token), claims);
  t.mock.timers.tick(595_000);
  for (const token of [own, long]) assert.deepEqual(await tokens.verify(token), claims);
  t.mock.timers.tick(15_000);
  for (const token of [own, long]) assert.equal(await tokens.verify(token), undefined);
});

test('without a secret, a token is good in its own process alone', async () => {
  assert.equal(await createAccessTokens().verify(await createAccessTokens().sign(claims)), undefined);
});

test('a token in which anything is missing or wrong is none', async () => {
  const wrong: readonly Parts[] = [
    { iss: 'elsewhere' }, { iss: undefined }, { aud: 'elsewhere' }, { aud: undefined },
    { sub: undefined }, { sub: 'admin' }, { sid: undefined }, { sid: '' }, { sid: { $ne: 1 } },
    { exp: undefined }, { exp: now - 60 }, { iat: undefined }, { iat: now - 700 }, { iat: now + 60 }, { nbf: now + 60 },
  ];
  for (const changes of wrong) assert.equal(await tokens.verify(await forge(changes)), undefined, JSON.stringify(changes));
});

test('a header of another kind, algorithm or key is refused', async () => {
  for (const header of [{ typ: 'JWT' }, { typ: 'refresh+jwt' }, { alg: 'HS512' }]) {
    assert.equal(await tokens.verify(await forge({}, header)), undefined, JSON.stringify(header));
  }
  assert.equal(await tokens.verify(await forge({}, {}, randomBytes(32).toString('base64url'))), undefined);
});

test('alg none, cut and bent tokens are refused without an error of ours', async () => {
  const [header = '', payload = '', signature = ''] = (await tokens.sign(claims)).split('.');
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
  const bent = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: randomUUID() })).toString('base64url');
  const hostile = [
    `${none}.${payload}.`, `${none}.${payload}.${signature}`, `${header}.${bent}.${signature}`, `${header}.${payload}.`,
    `${header}.${payload}`, '', '.', '..', 'a.b.c', `${header}.%00.${signature}`, `${header}.${payload}.${signature}.x`, '\u{1F9EA}.x.y',
    `${Buffer.from('[]').toString('base64url')}.${payload}.${signature}`, `${Buffer.from('null').toString('base64url')}.${payload}.${signature}`,
  ];
  for (const token of hostile) assert.equal(await tokens.verify(token), undefined, token);
});
