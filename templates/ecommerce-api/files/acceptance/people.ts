import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { address } from './auth/world.ts';
import type { TestDatabase } from './support/database.ts';
import { bodyOf, type Client } from './support/http.ts';

export type Role = 'customer' | 'staff' | 'admin';

/** Somebody whom the service knows. */
export interface Person {
  readonly userId: string;
  /** Requests made as them. */
  readonly api: Client;
  /** The headers by which any process of the service knows them. */
  readonly credential: Readonly<Record<string, string>>;
}

export interface People {
  readonly customer: Person;
  readonly staff: Person;
  readonly admin: Person;
  /** Another customer, whose things are none of ours. */
  readonly stranger: { readonly userId: string };
  /** Whether people register here, so that there may be any number of them. */
  readonly registered: boolean;
}

/**
 * Those whom the leaves need. While `auth` is a stub there is one development user for each role,
 * and the stranger is planted by SQL; with `auth` built all of them register. The same leaves run
 * either way.
 */
export async function people(client: Client, database: TestDatabase): Promise<People> {
  const probe = await client.post('/v1/auth/register', {});
  if (probe.status === 501) return developers(client, database);
  const [customer, staff, admin, stranger] = [await register(client), await register(client), await register(client), await register(client)];
  await grant(database, staff.userId, 'staff');
  await grant(database, admin.userId, 'admin');
  return { customer, staff, admin, stranger, registered: true };
}

/** Registers somebody and logs them in. Takes `auth`. */
export async function register(client: Client): Promise<Person> {
  const account = { email: `${randomUUID()}@example.test`, password: randomBytes(18).toString('base64url') };
  // From an address of their own, where the service believes it: tries are counted for a network.
  const entrance = client.with({ 'X-Forwarded-For': address() });
  const registered = await entrance.post('/v1/auth/register', { ...account, name: 'Test Person' });
  assert.equal(registered.status, 201, `registering: ${registered.text}`);
  const { accessToken } = bodyOf(await entrance.post<{ accessToken: string }>('/v1/auth/login', account));
  const credential = { Authorization: `Bearer ${accessToken}` };
  const api = client.with(credential);
  const { id } = bodyOf(await api.get<{ id: string }>('/v1/users/me'));
  return { userId: id, api, credential };
}

/** Gives somebody a role, as whoever runs the service would. */
export async function grant(database: TestDatabase, userId: string, role: Role): Promise<void> {
  await database.query('update users set role = $2::role where id = $1', [userId, role]);
}

/** Somebody who exists in the database alone. */
export async function plantUser(database: TestDatabase): Promise<{ readonly userId: string }> {
  const userId = randomUUID();
  await database.query("insert into users (id, email, name, password_hash) values ($1, $2, 'Test Person', '!')", [userId, `${userId}@example.test`]);
  return { userId };
}

async function developers(client: Client, database: TestDatabase): Promise<People> {
  const developer = async (role: Role): Promise<Person> => {
    const credential = { 'X-Development-Role': role };
    const api = client.with(credential);
    // Whatever this answers, the service has met the user by then.
    await api.get('/v1/cart');
    const [row] = await database.query<{ id: string }>("select id from users where email = $1 || '@localhost'", [role]);
    assert.ok(row, `there is no development user ${role}`);
    return { userId: row.id, api, credential };
  };
  const [customer, staff, admin] = [await developer('customer'), await developer('staff'), await developer('admin')];
  return { customer, staff, admin, stranger: await plantUser(database), registered: false };
}
