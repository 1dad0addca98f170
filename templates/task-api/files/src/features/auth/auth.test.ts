import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { testContext } from '../../testing/service.ts';
import type { Context } from '../../ports/context.ts';
import { createAuth } from './index.ts';
import { createPasswords } from './passwords.ts';
import { login } from './service.ts';
import { serveAuth, someAddress, someEmail, somePassword, type Call, type Reply } from './testing.ts';

let context: Context;
let call: Call;

before(async () => {
  context = await testContext();
  call = await serveAuth(context);
});

interface Person {
  readonly email: string;
  readonly password: string;
  readonly grant: Record<string, string>;
}

async function register(): Promise<Person> {
  const [email, password] = [someEmail(), somePassword()];
  assert.equal((await call('POST', '/auth/register', { body: { email, password } })).status, 201);
  return { email, password, grant: (await logIn(email, password)).body };
}

const logIn = (email: string, password: string): Promise<Reply> => call('POST', '/auth/login', { body: { email, password } });
const statusOfMe = async (token?: string): Promise<number> => (await call('GET', '/users/me', { token })).status;

test('production does not start without a secret', async () => {
  const production = await testContext({ NODE_ENV: 'production', DATABASE_URL: 'postgres://127.0.0.1/tasks' });
  assert.throws(() => createAuth(production), /JWT_SECRET/);
});

test('who registers can log in, with the address in any case', async () => {
  const { email, password, grant } = await register();
  assert.equal(await statusOfMe(grant['accessToken']), 200);
  const again = await logIn(email.toUpperCase(), password);
  assert.equal(again.status, 200);
  assert.equal(await statusOfMe(again.body['accessToken']), 200);
  assert.equal((await call('POST', '/auth/register', { body: { email: email.toUpperCase(), password } })).status, 409);
});

test('nobody without a token, with the wrong scheme or with a refresh token', async () => {
  const { grant } = await register();
  const missing = await call('GET', '/users/me');
  assert.equal(missing.status, 401);
  assert.equal(missing.headers.get('www-authenticate'), 'Bearer');
  const wrong = await call('GET', '/users/me', { token: grant['refreshToken'] });
  assert.equal(wrong.status, 401);
  assert.match(wrong.headers.get('www-authenticate') ?? '', /invalid_token/);
});

test('an unknown address and a wrong password get one answer', async () => {
  const { email, password } = await register();
  const [wrong, unknown] = [await logIn(email, `${password}!`), await logIn(someEmail(), password)];
  assert.equal(wrong.status, 401);
  assert.deepEqual(wrong.body, unknown.body);
  assert.deepEqual([...wrong.headers.keys()], [...unknown.headers.keys()]);
});

test('a login that was overtaken by a change of the password opens nothing', async () => {
  const { email, password, grant } = await register();
  const passwords = createPasswords();
  const changed = call('POST', '/auth/password', { token: grant['accessToken'], body: { currentPassword: password, newPassword: somePassword() } });
  const slow = {
    ...passwords,
    verify: async (stored: string | undefined, given: string) => {
      const right = await passwords.verify(stored, given);
      assert.equal((await changed).status, 200);
      return right;
    },
  };
  await assert.rejects(login({ ...context, passwords: slow }, { email, password }, { ip: null, userAgent: '' }), { status: 401 });
});

test('a new password ends every session and answers with a fresh one', async () => {
  const { email, password, grant } = await register();
  const newPassword = somePassword();
  const { status, body } = await call('POST', '/auth/password', { token: grant['accessToken'], body: { currentPassword: password, newPassword } });
  assert.equal(status, 200);
  assert.equal(await statusOfMe(grant['accessToken']), 401);
  assert.equal(await statusOfMe(body['accessToken']), 200);
  assert.equal((await logIn(email, password)).status, 401);
  assert.equal((await logIn(email, newPassword)).status, 200);
});

test('a thief of an access token cannot try passwords with it for long', async () => {
  const { grant } = await register();
  const guess = async () =>
    (await call('POST', '/auth/password', { token: grant['accessToken'], body: { currentPassword: randomUUID(), newPassword: somePassword() } })).status;
  const statuses = [];
  for (let round = 0; round < 11; round += 1) statuses.push(await guess());
  assert.deepEqual(new Set(statuses.slice(0, 10)), new Set([403]));
  assert.equal(statuses[10], 429);
});

test('the tries of a login are limited for an account, wherever they come from', async () => {
  const { email, password } = await register();
  for (let round = 0; round < 10; round += 1) assert.equal((await logIn(email, 'wrong')).status, 401);
  const refused = await logIn(email, password);
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
});

test('the tries of a login are limited for a network, whatever it tries', async () => {
  const ip = someAddress();
  const tryAnyone = async () => (await call('POST', '/auth/login', { body: { email: someEmail(), password: 'wrong' }, ip })).status;
  assert.equal(await tryAnyone(), 401);
  await context.db.query("update rate_limits set hits = 49 where key like 'login-network:%'");
  assert.deepEqual([await tryAnyone(), await tryAnyone()], [401, 429]);
});

test('a right password wipes out the wrong ones before it', async () => {
  const { email, password } = await register();
  for (let round = 0; round < 2; round += 1) {
    for (let wrong = 0; wrong < 6; wrong += 1) await logIn(email, 'wrong');
    assert.equal((await logIn(email, password)).status, 200);
  }
});

test('one session, or all, can be ended', async () => {
  const { email, password, grant } = await register();
  const other = (await logIn(email, password)).body;
  const { body } = await call('GET', '/auth/sessions', { token: grant['accessToken'] });
  const listed = body['data'] as unknown as { id: string; current: boolean }[];
  assert.equal(listed.length, 2);
  const id = listed.find(({ current }) => !current)?.id ?? '';
  assert.equal((await call('DELETE', `/auth/sessions/${id}`, { token: grant['accessToken'] })).status, 204);
  assert.equal((await call('DELETE', `/auth/sessions/${id}`, { token: grant['accessToken'] })).status, 404);
  assert.equal(await statusOfMe(other['accessToken']), 401);
  assert.equal((await call('POST', '/auth/logout-all', { token: grant['accessToken'] })).status, 204);
  assert.equal(await statusOfMe(grant['accessToken']), 401);
});

test('a profile changes only in the version that was read', async () => {
  const { grant } = await register();
  const token = grant['accessToken'];
  const change = (name: string, ifMatch?: string) => call('PATCH', '/users/me', { token, body: { name }, ...(ifMatch && { ifMatch }) });
  assert.equal((await change('Ada')).status, 428);
  const changed = await change('Ada', '"1"');
  assert.equal(changed.body['name'], 'Ada');
  assert.equal(changed.headers.get('etag'), '"2"');
  assert.equal((await change('Eve', '"1"')).status, 412);
});

test('a closed account is gone, and its address is free', async () => {
  const { email, password, grant } = await register();
  const close = (given: string) => call('DELETE', '/users/me', { token: grant['accessToken'], body: { password: given } });
  assert.equal((await close('wrong')).status, 403);
  assert.equal((await close(password)).status, 204);
  assert.equal(await statusOfMe(grant['accessToken']), 401);
  assert.equal((await logIn(email, password)).status, 401);
  assert.equal((await call('POST', '/auth/register', { body: { email, password } })).status, 201);
});

test('nothing secret is logged', async () => {
  const lines: string[] = [];
  const record = (...entry: unknown[]) => void lines.push(JSON.stringify(entry));
  const log = { info: record, warn: record, error: record } as unknown as Context['log'];
  const listening = await serveAuth({ ...context, log });
  const [email, password] = [someEmail(), somePassword()];
  await listening('POST', '/auth/register', { body: { email, password } });
  const { body } = await listening('POST', '/auth/login', { body: { email, password } });
  for (let round = 0; round < 2; round += 1) await listening('POST', '/auth/refresh', { body: { refreshToken: body['refreshToken'] } });
  await listening('POST', '/auth/login', { body: { email, password: `${password}!` } });
  assert.ok(lines.length >= 3);
  for (const secret of [email, password, body['refreshToken'], body['accessToken']]) assert.ok(!lines.join('\n').includes(String(secret)));
});
