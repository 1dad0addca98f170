import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiDescription } from '../../openapi/api-description.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { Database } from '../../ports/database.ts';
import { someAddress, someEmail, someone, somePassword, visiting, type Sent, type Visit } from '../../testing/accounts.ts';
import { startApp, type TestApp } from '../../testing/app.ts';
import { accessTokensFor } from './index.ts';
import { createPasswords } from './passwords.ts';
import { login } from './service.ts';

let service: TestApp;
let visit: Visit;
let db: Database;

beforeAll(async () => {
  service = await startApp({ TRUSTED_PROXIES: '1' });
  visit = visiting(service);
  db = service.app.get(Database);
});

afterAll(() => service.app.close());

const logIn = (email: string, password: string) => visit('POST', '/auth/login', { body: { email, password } });
const statusOfMe = async (token?: string) => (await visit('GET', '/users/me', { token })).status;

test('production does not start without a secret', () => {
  expect(() => accessTokensFor({ production: true, jwtSecret: undefined })).toThrow(/JWT_SECRET/);
});

describe('a login', () => {
  test('works with the address in any case', async () => {
    const { email, password, accessToken } = await someone(visit);
    expect(await statusOfMe(accessToken)).toBe(200);
    const again = await logIn(email.toUpperCase(), password);
    expect(again.status).toBe(200);
    expect(await statusOfMe(again.body['accessToken'])).toBe(200);
    expect((await visit('POST', '/auth/register', { body: { email: email.toUpperCase(), password } })).status).toBe(409);
  });

  test('has one answer for an unknown address and a wrong password', async () => {
    const { email, password } = await someone(visit);
    const [wrong, unknown] = [await logIn(email, `${password}!`), await logIn(someEmail(), password)];
    expect(wrong.status).toBe(401);
    expect({ ...wrong.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
    expect([...wrong.headers.keys()]).toEqual([...unknown.headers.keys()]);
  });

  test('that was overtaken by a change of the password opens nothing', async () => {
    const { email, password, accessToken } = await someone(visit);
    const passwords = createPasswords();
    const changed = visit('POST', '/auth/password', { token: accessToken, body: { currentPassword: password, newPassword: somePassword() } });
    const slow = {
      ...passwords,
      verify: async (stored: string | undefined, given: string) => {
        const right = await passwords.verify(stored, given);
        expect((await changed).status).toBe(200);
        return right;
      },
    };
    const tools = { db, log: pino({ level: 'silent' }), passwords: slow };
    await expect(login(tools, { email, password }, { ip: null, userAgent: '' })).rejects.toMatchObject({ status: 401 });
  });

  test('is limited for an account, wherever the tries come from', async () => {
    const { email, password } = await someone(visit);
    for (let round = 0; round < 10; round += 1) expect((await logIn(email, 'wrong')).status).toBe(401);
    const refused = await logIn(email, password);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('is limited for a network, whatever it tries', async () => {
    const ip = someAddress();
    const tryAnyone = async () => (await visit('POST', '/auth/login', { body: { email: someEmail(), password: 'wrong' }, ip })).status;
    expect(await tryAnyone()).toBe(401);
    await db.query("update rate_limits set hits = 49 where key like 'login-network:%'");
    expect([await tryAnyone(), await tryAnyone()]).toEqual([401, 429]);
  });

  test('with the right password wipes out the wrong ones before it', async () => {
    const { email, password } = await someone(visit);
    for (let round = 0; round < 2; round += 1) {
      for (let wrong = 0; wrong < 6; wrong += 1) await logIn(email, 'wrong');
      expect((await logIn(email, password)).status).toBe(200);
    }
  });
});

describe('a request', () => {
  test('without a token, or with a refresh token, is nobody’s', async () => {
    const { refreshToken } = await someone(visit);
    const missing = await visit('GET', '/users/me');
    expect(missing.status).toBe(401);
    expect(missing.headers.get('www-authenticate')).toBe('Bearer');
    const wrong = await visit('GET', '/users/me', { token: refreshToken });
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get('www-authenticate')).toMatch(/invalid_token/);
  });

  test('of a session that was ended is nobody’s', async () => {
    const { email, password, accessToken } = await someone(visit);
    const other = (await logIn(email, password)).body;
    const { body } = await visit<{ data: { id: string; current: boolean }[] }>('GET', '/auth/sessions', { token: accessToken });
    expect(body.data).toHaveLength(2);
    const id = body.data.find(({ current }) => !current)?.id ?? '';
    expect((await visit('DELETE', `/auth/sessions/${id}`, { token: accessToken })).status).toBe(204);
    expect((await visit('DELETE', `/auth/sessions/${id}`, { token: accessToken })).status).toBe(404);
    expect(await statusOfMe(other['accessToken'])).toBe(401);
    expect((await visit('POST', '/auth/logout-all', { token: accessToken })).status).toBe(204);
    expect(await statusOfMe(accessToken)).toBe(401);
  });
});

describe('a password', () => {
  test('that is new ends every session, and the answer carries a fresh one', async () => {
    const { email, password, accessToken } = await someone(visit);
    const newPassword = somePassword();
    const { status, body } = await visit('POST', '/auth/password', { token: accessToken, body: { currentPassword: password, newPassword } });
    expect(status).toBe(200);
    expect(await statusOfMe(accessToken)).toBe(401);
    expect(await statusOfMe(body['accessToken'])).toBe(200);
    expect((await logIn(email, password)).status).toBe(401);
    expect((await logIn(email, newPassword)).status).toBe(200);
  });

  test('cannot be guessed for long with a stolen access token', async () => {
    const { accessToken } = await someone(visit);
    const guess = { token: accessToken, body: { currentPassword: randomUUID(), newPassword: somePassword() } };
    const statuses: number[] = [];
    for (let round = 0; round < 11; round += 1) statuses.push((await visit('POST', '/auth/password', guess)).status);
    expect(new Set(statuses.slice(0, 10))).toEqual(new Set([403]));
    expect(statuses[10]).toBe(429);
  });
});

describe('an account', () => {
  test('changes only in the version that was read', async () => {
    const { accessToken } = await someone(visit);
    const change = (name: string, ifMatch?: string) => visit('PATCH', '/users/me', { token: accessToken, body: { name }, ...(ifMatch && { ifMatch }) });
    expect((await change('Ada')).status).toBe(428);
    const changed = await change('Ada', '"1"');
    expect(changed.body['name']).toBe('Ada');
    expect(changed.headers.get('etag')).toBe('"2"');
    expect((await change('Eve', '"1"')).status).toBe(412);
  });

  test('that is closed is gone, and its address is free', async () => {
    const { email, password, accessToken } = await someone(visit);
    const close = (given: string) => visit('DELETE', '/users/me', { token: accessToken, body: { password: given } });
    expect((await close('wrong')).status).toBe(403);
    expect((await close(password)).status).toBe(204);
    expect(await statusOfMe(accessToken)).toBe(401);
    expect((await logIn(email, password)).status).toBe(401);
    expect((await visit('POST', '/auth/register', { body: { email, password } })).status).toBe(201);
  });
});

test('what happens to accounts is logged, and nothing secret of it', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const listening = await startApp({ TRUSTED_PROXIES: '1' }, (module) => module.overrideProvider(LOGGER).useValue(log));
  const { email, password, accessToken, refreshToken } = await someone(visiting(listening));
  for (let round = 0; round < 2; round += 1) await visiting(listening)('POST', '/auth/refresh', { body: { refreshToken } });
  await visiting(listening)('POST', '/auth/login', { body: { email, password: `${password}!` } });
  await listening.app.close();
  const events = lines.flatMap((line) => (JSON.parse(line) as { event?: string }).event ?? []);
  expect(events).toEqual(['auth.registered', 'auth.logged_in', 'auth.token_reused', 'auth.login_failed']);
  for (const secret of [email, password, refreshToken, accessToken]) expect(lines.join('\n')).not.toContain(secret);
});

test('answers look as they are described', async () => {
  const operations = service.app.get(ApiDescription).operations();

  async function answerOf(id: string, sent: Sent = {}): Promise<Record<string, string>> {
    const operation = operations.find((known) => known.id === id);
    const [expected] = operation?.answers ?? [];
    const { status, headers, body } = await visit(operation?.method.toUpperCase() ?? '', operation?.path.replace('/v1', '') ?? '', sent);
    expect(status, id).toBe(expected?.status);
    for (const header of expected?.headers ?? []) expect(headers.has(header), `${id}: ${header}`).toBe(true);
    expect(expected?.content?.schema.safeParse(body).error, id).toBeUndefined();
    return body;
  }

  const [email, password] = [someEmail(), somePassword()];
  await answerOf('register', { body: { email, password } });
  const { refreshToken } = await answerOf('login', { body: { email, password } });
  const { accessToken: token } = await answerOf('refresh', { body: { refreshToken } });
  await answerOf('listSessions', { token });
  await answerOf('getProfile', { token });
  await answerOf('changeProfile', { token, body: { name: 'Ada' }, ifMatch: '"1"' });
  const changed = await answerOf('changePassword', { token, body: { currentPassword: password, newPassword: somePassword() } });
  await answerOf('logout', { token: changed['accessToken'] });
});
