import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from '../../ports/database.ts';
import { ROLES } from '../../ports/roles.ts';
import { someEmail, someone, visiting, type TestPerson, type Visit } from '../../testing/accounts.ts';
import { startApp, type TestApp } from '../../testing/app.ts';
import type { Account } from './account.ts';
import { createPasswords } from './passwords.ts';
import { appoint, changeRole, listPeople } from './roles.ts';
import type { Tools } from './service.ts';

const [LOWEST] = ROLES;
const lines: string[] = [];
let service: TestApp;
let visit: Visit;
let tools: Tools;

beforeAll(async () => {
  service = await startApp({ TRUSTED_PROXIES: '1' });
  visit = visiting(service);
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  tools = { db: service.app.get(Database), log, passwords: createPasswords() };
});

afterAll(() => service.app.close());

async function someAdmin(): Promise<TestPerson> {
  const person = await someone(visit);
  expect(await appoint(tools, person.email)).toBe(person.id);
  return person;
}

const give = ({ accessToken }: TestPerson, id: string, role: unknown) => visit('PUT', `/users/${id}/role`, { token: accessToken, body: { role } });
const statusOfList = async ({ accessToken }: TestPerson) => (await visit('GET', '/users', { token: accessToken })).status;
const me = async ({ accessToken }: TestPerson) => (await visit<Account>('GET', '/users/me', { token: accessToken })).body;

describe('the first admin', () => {
  test('is somebody who is registered, with the address in any case', async () => {
    const person = await someone(visit);
    expect(await statusOfList(person)).toBe(403);
    expect(await appoint(tools, person.email.toUpperCase())).toBe(person.id);
    expect(await statusOfList(person)).toBe(200);
    expect(await me(person)).toMatchObject({ role: 'admin', version: 2 });
  });

  test('is nobody whom the service does not know, or who has left', async () => {
    const gone = await someone(visit);
    await visit('DELETE', '/users/me', { token: gone.accessToken, body: { password: gone.password } });
    for (const email of [someEmail(), gone.email, `${gone.id}@deleted.invalid`, '%']) expect(await appoint(tools, email)).toBeUndefined();
  });
});

describe('a role', () => {
  test('is given by an admin, holds on the next request and is written down', async () => {
    const [admin, person] = [await someAdmin(), await someone(visit)];
    const changed = await give(admin, person.id, 'admin');
    expect(changed.headers.get('etag')).toBe('"2"');
    expect(changed.body).toMatchObject({ id: person.id, role: 'admin', version: 2 });
    expect(await statusOfList(person)).toBe(200);
    expect((await give(admin, person.id, LOWEST)).status).toBe(200);
    expect(await statusOfList(person)).toBe(403);
    lines.length = 0;
    await changeRole(tools, admin.id, person.id, 'admin');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'auth.role_changed', userId: person.id, by: admin.id, from: LOWEST, to: 'admin' });
  });

  test('that somebody has already changes nothing', async () => {
    const [admin, person] = [await someAdmin(), await someone(visit)];
    lines.length = 0;
    expect(await changeRole(tools, admin.id, person.id, LOWEST)).toMatchObject({ role: LOWEST, version: 1 });
    expect(lines).toEqual([]);
  });

  test('is not one’s own to change, however the id is written', async () => {
    const admin = await someAdmin();
    for (const id of [admin.id, admin.id.toUpperCase()]) {
      const refused = await give(admin, id, LOWEST);
      expect(refused.status).toBe(403);
      expect(refused.body['code']).toBe('role.own');
    }
    expect(await me(admin)).toMatchObject({ role: 'admin' });
  });

  test('is one of those that there are, and goes to somebody who is there', async () => {
    const [admin, person, gone] = [await someAdmin(), await someone(visit), await someone(visit)];
    await tools.db.query('update users set disabled_at = now() where id = $1', [gone.id]);
    for (const role of ['owner', 'Admin', '', null, undefined]) expect((await give(admin, person.id, role)).status).toBe(400);
    for (const id of [randomUUID(), gone.id]) expect((await give(admin, id, LOWEST)).status).toBe(404);
  });

  test('of two admins who take each other’s at once, one keeps it', async () => {
    const [first, second] = [await someAdmin(), await someAdmin()];
    const changes = await Promise.allSettled([changeRole(tools, first.id, second.id, LOWEST), changeRole(tools, second.id, first.id, LOWEST)]);
    expect(changes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('the list', () => {
  test('has everybody once, in the order of their addresses, in pages', async () => {
    const people = [await someone(visit), await someone(visit), await someone(visit), await someone(visit)];
    for (const { email } of people) await appoint(tools, email);
    await tools.db.query('update users set disabled_at = now() where id = $1', [people[3]?.id]);
    const seen: string[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const { data, page } = await listPeople(tools.db, { role: 'admin', limit: 2, ...(cursor && { cursor }) });
      seen.push(...data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(people.map(({ id }) => seen.includes(id))).toEqual([true, true, true, false]);
  });

  test('takes a role, a limit and a cursor, and nothing else', async () => {
    const { accessToken: token } = await someAdmin();
    const { body } = await visit<{ data: Account[] }>('GET', '/users?role=admin&limit=1', { token });
    expect(body.data).toHaveLength(1);
    for (const query of ['role=owner', 'limit=0', 'cursor=nonsense', 'email=a']) expect((await visit('GET', `/users?${query}`, { token })).status).toBe(400);
  });
});
