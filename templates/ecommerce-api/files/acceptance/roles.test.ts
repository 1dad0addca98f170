import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { address, anywhere, bearer, forge, logIn, makeWorld, me, newAccount, newPerson, partsOf, statuses } from './auth/world.ts';
import type { AuthWorld, Me, Person } from './auth/world.ts';
import type { Page } from './catalog-world.ts';
import { grant, type Role } from './people.ts';
import { bodyOf, problemOf, type Answer, type Client } from './support/http.ts';
import { until } from './support/poll.ts';
import { runScript } from './support/processes.ts';
import { suite } from './support/suite.ts';

interface Account extends Me {
  readonly role: Role;
}

interface Operation {
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** A route that asks for a role, as the description of the API tells. */
interface Guarded {
  readonly method: string;
  readonly path: string;
  readonly roles: readonly Role[];
}

const ROLES: readonly Role[] = ['customer', 'staff', 'admin'];

const { leaf } = suite('auth', makeWorld);

async function newMember({ one, database }: AuthWorld, role: Role): Promise<Person> {
  const person = await newPerson(one);
  await grant(database, person.userId, role);
  return person;
}

const give = (client: Client, { accessToken }: Person, userId: string, role: unknown): Promise<Answer<Account>> =>
  client.put(`/v1/users/${userId}/role`, { role }, bearer(accessToken));

const people = (client: Client, { accessToken }: Person, query = ''): Promise<Answer<Page<Account>>> => client.get(`/v1/users${query}`, bearer(accessToken));

async function roleOf({ one }: AuthWorld, { accessToken }: Person): Promise<Role> {
  return bodyOf(await me(one, accessToken) as Answer<Account>).role;
}

/** How each process answers when somebody does what only admins may. */
async function adminStatuses({ one, two }: AuthWorld, person: Person): Promise<readonly number[]> {
  return (await Promise.all([people(one, person), people(two, person)])).map(({ status }) => status);
}

async function guardedRoutes({ one }: AuthWorld): Promise<readonly Guarded[]> {
  const { paths } = bodyOf(await one.get<Document>('/openapi.json'));
  return Object.entries(paths).flatMap(([template, methods]) => {
    const path = template.replaceAll(/\{\w+\}/g, () => randomUUID());
    return Object.entries(methods).flatMap(([method, operation]) => {
      const roles = rolesIn(operation);
      return roles.length > 0 ? [{ method: method.toUpperCase(), path, roles }] : [];
    });
  });
}

function rolesIn({ security, responses }: Operation): readonly Role[] {
  const who = responses['403']?.description ?? '';
  return security.length > 0 && /\brole\b/.test(who) ? ROLES.filter((role) => new RegExp(`\\b${role}\\b`).test(who)) : [];
}

const OWN: readonly Guarded[] = [
  { method: 'GET', path: '/v1/users', roles: ['admin'] },
  { method: 'PUT', path: `/v1/users/${randomUUID()}/role`, roles: ['admin'] },
];

leaf('roles', 'whoever registers is a customer, and cannot ask for more', async (world) => {
  for (const wish of [{ role: 'admin' }, { role: 'customer' }, { roles: ['staff'] }, { isAdmin: true }]) {
    problemOf(await anywhere(world.one).post('/v1/auth/register', { ...newAccount(), ...wish }), 400);
  }
  const person = await newPerson(world.one);
  assert.equal(await roleOf(world, person), 'customer');
  assert.deepEqual(await adminStatuses(world, person), [403, 403]);
});

leaf('roles', 'nobody is there who did not register, and nobody is an admin by default', async ({ kit }) => {
  const database = await kit.database();
  await kit.start({ NODE_ENV: 'development', DATABASE_URL: database.url });
  assert.deepEqual(await database.query('select email, role from users'), []);
});

leaf('roles', 'where a role is asked for, everybody else is refused, before anything else is looked at', async (world) => {
  const members = new Map<Role, Person>();
  for (const role of ROLES) members.set(role, await newMember(world, role));
  for (const { method, path, roles } of [...OWN, ...(await guardedRoutes(world))]) {
    const send = (headers: Record<string, string>) =>
      world.two.send(method, path, method === 'GET' ? undefined : '{}', { 'Content-Type': 'application/json', ...headers });
    problemOf(await send({}), 401);
    for (const [role, { accessToken }] of members) {
      if (roles.includes(role)) continue;
      const answer = await send(bearer(accessToken));
      assert.equal(answer.status, 403, `${role}: ${method} ${path}: ${answer.text}`);
      problemOf(answer, 403);
    }
  }
});

leaf('roles', 'an admin gives a role, and it holds on the very next request, at every process', async (world) => {
  const [admin, person] = [await newMember(world, 'admin'), await newPerson(world.one)];
  const steps: readonly (readonly [Role, number])[] = [['admin', 200], ['staff', 403], ['admin', 200], ['customer', 403]];
  for (const [round, [role, status]] of steps.entries()) {
    const changed = bodyOf(await give(round % 2 ? world.one : world.two, admin, person.userId, role));
    assert.deepEqual([changed.id, changed.role], [person.userId, role]);
    assert.deepEqual(await adminStatuses(world, person), [status, status]);
    assert.equal(await roleOf(world, person), role);
  }
  assert.deepEqual(await statuses(world, person.accessToken), [200, 200], 'the session goes on');
});

leaf('roles', 'a role that is taken away is taken away from every session', async (world) => {
  const [admin, person] = [await newMember(world, 'admin'), await newMember(world, 'admin')];
  const other = bodyOf(await logIn(world.two, person));
  bodyOf(await give(world.one, admin, person.userId, 'customer'));
  for (const { accessToken } of [person, other]) assert.deepEqual(await adminStatuses(world, { ...person, accessToken }), [403, 403]);
  problemOf(await give(world.two, { ...person, ...other }, admin.userId, 'customer'), 403);
});

leaf('roles', 'nobody changes their own, up or down', async (world) => {
  const [admin, person] = [await newMember(world, 'admin'), await newPerson(world.one)];
  for (const id of [admin.userId, admin.userId.toUpperCase()]) problemOf(await give(world.one, admin, id, 'customer'), 403);
  problemOf(await give(world.one, person, person.userId, 'admin'), 403);
  assert.deepEqual([await roleOf(world, admin), await roleOf(world, person)], ['admin', 'customer']);
});

leaf('roles', 'two admins who take each other’s at once leave one', async (world) => {
  for (let round = 0; round < 5; round += 1) {
    const [first, second] = [await newMember(world, 'admin'), await newMember(world, 'admin')];
    const answers = await Promise.all([give(world.one, first, second.userId, 'customer'), give(world.two, second, first.userId, 'customer')]);
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 403]);
    assert.deepEqual([await roleOf(world, first), await roleOf(world, second)].toSorted(), ['admin', 'customer']);
  }
});

leaf('roles', 'an unknown role is refused, and so is an unknown person', async (world) => {
  const [admin, person, gone] = [await newMember(world, 'admin'), await newPerson(world.one), await newPerson(world.one)];
  for (const role of ['owner', 'Admin', 'admin ', '', null, 7, true, ['admin'], { $ne: '' }, undefined]) {
    const { errors = [] } = problemOf(await give(world.one, admin, person.userId, role), 400);
    assert.deepEqual(errors.map(({ pointer }) => pointer), ['/body/role'], JSON.stringify(role));
  }
  problemOf(await world.one.put(`/v1/users/${person.userId}/role`, { role: 'staff', email: 'x@example.test' }, bearer(admin.accessToken)), 400);
  assert.equal(await roleOf(world, person), 'customer');
  await world.database.query('update users set disabled_at = now() where id = $1', [gone.userId]);
  for (const id of [randomUUID(), gone.userId]) problemOf(await give(world.one, admin, id, 'staff'), 404);
  problemOf(await give(world.one, admin, 'nonsense', 'staff'), 400);
});

leaf('roles', 'a token that claims one has none by that', async (world) => {
  const person = await newPerson(world.one);
  const { header, payload } = partsOf(person.accessToken);
  for (const claims of [{ role: 'admin' }, { roles: ['admin'] }, { scope: 'admin' }]) {
    const accessToken = forge({ header, payload: { ...payload, ...claims } }, world.secret);
    assert.deepEqual(await adminStatuses(world, { ...person, accessToken }), [403, 403]);
  }
});

leaf('roles', 'the list has everybody of a role once, page by page', async (world) => {
  const admin = await newMember(world, 'admin');
  const staff = await Promise.all(Array.from({ length: 5 }, () => newMember(world, 'staff')));
  const seen: Account[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { data, page }: Page<Account> = bodyOf(await people(world.two, admin, `?role=staff&limit=2${cursor && `&cursor=${cursor}`}`));
    assert.ok(data.length <= 2);
    seen.push(...data);
    cursor = page.nextCursor;
  }
  const ids = seen.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(staff.every(({ userId }) => ids.includes(userId)) && seen.every(({ role }) => role === 'staff'));
});

leaf('roles', 'the list shows nothing secret, and takes nothing unknown', async (world) => {
  const admin = await newMember(world, 'admin');
  const all = await people(world.one, admin, '?limit=100');
  assert.ok(bodyOf(all).data.some(({ id, email, role }) => id === admin.userId && email === admin.email && role === 'admin'));
  assert.doesNotMatch(all.text, /password|hash|argon/i);
  for (const query of ['?role=owner', '?limit=0', '?limit=101', '?cursor=nonsense', '?password=x', '?role=staff&role=admin']) {
    problemOf(await people(world.one, admin, query), 400);
  }
});

leaf('roles', 'who gave which to whom stands in the log', async (world) => {
  const [admin, person] = [await newMember(world, 'admin'), await newPerson(world.one)];
  bodyOf(await give(world.one, admin, person.userId, 'staff'));
  const told = (line: string) => [admin.userId, person.userId, 'staff'].every((word) => line.includes(word));
  await until('the log tells of it', async () => world.services[0].output().split('\n').some(told));
});

leaf('roles', 'make-admin makes an admin of somebody who is registered, at once, and of nobody else', async (world) => {
  const env = { NODE_ENV: 'production', DATABASE_URL: world.database.url };
  const person = await newPerson(world.one);
  const made = await runScript('make-admin', env, [person.email.toUpperCase()]);
  assert.equal(made.code, 0, made.output);
  assert.deepEqual(await adminStatuses(world, person), [200, 200]);
  const [before] = await world.database.query("select count(*)::int as n from users where role = 'admin'");
  for (const argv of [[newAccount().email], [], ["' or true --"], ['%']]) {
    const { code, output } = await runScript('make-admin', env, argv);
    assert.notEqual(code, 0, `${argv.join()}: ${output}`);
  }
  assert.deepEqual(await world.database.query("select count(*)::int as n from users where role = 'admin'"), [before]);
});

leaf('account', 'closing it leaves the orders, and not whose they were', async ({ one, database }) => {
  const account = newAccount();
  const ip = address();
  const client = one.with({ 'X-Forwarded-For': ip, 'User-Agent': 'A phone called Zuleika' });
  bodyOf(await client.post('/v1/auth/register', { ...account, name: 'Zuleika Dobson' }), 201);
  const { accessToken } = bodyOf(await client.post<{ accessToken: string }>('/v1/auth/login', account));
  const { id } = bodyOf(await me(one, accessToken));
  await database.query("insert into orders (user_id, currency, total_minor, expires_at) values ($1, 'EUR', 1999, now())", [id]);
  const headers = { ...bearer(accessToken), 'Content-Type': 'application/json' };
  bodyOf(await client.send('DELETE', '/v1/users/me', JSON.stringify({ password: account.password }), headers), 204);
  assert.deepEqual(await database.query('select total_minor from orders join users u on u.id = user_id where u.id = $1', [id]), [{ total_minor: 1999 }]);
  const rows = await database.query<{ text: string }>(
    'select u::text as text from users u where id = $1 union all select t::text from refresh_tokens t where user_id = $1',
    [id],
  );
  for (const { text } of rows) {
    for (const trace of [account.email, 'Zuleika', 'argon2', ip]) assert.ok(!text.includes(trace), text);
  }
});
