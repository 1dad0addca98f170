import assert from 'node:assert/strict';
import { bodyOf, problemOf, type Answer, type Client } from '../support/http.ts';
import { anywhere, bearer, leaf, logIn, me, newAccount, newPerson, refresh, statuses, type Grant, type Leaf, type Me } from './world.ts';

const change = (client: Client, accessToken: string, currentPassword: string, newPassword: string) =>
  client.post<Partial<Grant>>('/v1/auth/password', { currentPassword, newPassword }, bearer(accessToken));

const close = (client: Client, accessToken: string, password: string) =>
  client.send('DELETE', '/v1/users/me', JSON.stringify({ password }), { ...bearer(accessToken), 'Content-Type': 'application/json' });

export const profile: readonly Leaf[] = [
  leaf('password', 'a new one ends every other session at once, and replaces the old one', async (world) => {
    const person = await newPerson(world.one);
    const other = bodyOf(await logIn(world.two, person));
    const { password } = newAccount();
    bodyOf(await change(world.one, person.accessToken, person.password, password));
    assert.deepEqual(await statuses(world, other.accessToken), [401, 401]);
    problemOf(await refresh(world.two, other.refreshToken), 401);
    problemOf(await logIn(world.two, person), 401);
    bodyOf(await logIn(world.two, { ...person, password }));
  }),

  leaf('password', 'no refresh token from before opens anything, not even one’s own', async (world) => {
    const person = await newPerson(world.one);
    const { password } = newAccount();
    const { accessToken } = bodyOf(await change(world.one, person.accessToken, person.password, password));
    problemOf(await refresh(world.two, person.refreshToken), 401);
    assert.deepEqual(await statuses(world, accessToken ?? ''), [200, 200], 'the answer carries a session to go on with');
  }),

  leaf('password', 'takes the current one', async ({ one, two }) => {
    const person = await newPerson(one);
    const { password } = newAccount();
    problemOf(await change(one, person.accessToken, `${person.password}!`, password), 403);
    problemOf(await one.post('/v1/auth/password', { currentPassword: person.password, newPassword: password }), 401);
    problemOf(await logIn(two, { ...person, password }), 401);
    bodyOf(await logIn(two, person));
    bodyOf(await me(two, person.accessToken));
  }),

  leaf('password', 'a new one meets what registration asks for', async ({ one }) => {
    const person = await newPerson(one);
    for (const password of ['x4!kP9z$Qw2', 'k9$'.repeat(43), 'password1234']) {
      const { errors = [] } = problemOf(await change(one, person.accessToken, person.password, password), 400);
      assert.deepEqual(errors.map(({ pointer }) => pointer), ['/body/newPassword']);
    }
    bodyOf(await logIn(one, person));
  }),

  leaf('password', 'a login that meets the change leaves no session of the old one behind', async (world) => {
    for (let round = 0; round < 3; round += 1) {
      const person = await newPerson(world.one);
      const running = { change: true };
      const changed = change(world.one, person.accessToken, person.password, newAccount().password).finally(() => (running.change = false));
      const late: Answer<Grant>[] = [];
      while (running.change) late.push(await logIn(world.two, person));
      bodyOf(await changed);
      for (const { status, body } of late) {
        if (status === 200) assert.deepEqual(await statuses(world, body.accessToken), [401, 401]);
      }
    }
  }),

  leaf('account', 'shows who one is, and nothing secret', async ({ one }) => {
    const { email, userId, accessToken } = await newPerson(one);
    const answer = await me(one, accessToken);
    const { id, version, ...rest } = bodyOf(answer);
    assert.deepEqual([id, rest.email], [userId, email]);
    assert.equal(answer.headers.get('etag'), `"${version}"`);
    assert.match(answer.headers.get('cache-control') ?? '', /no-store/);
    assert.doesNotMatch(answer.text, /password|hash|argon/i);
  }),

  leaf('account', 'a name is changed in the version that was read, and nothing else is', async ({ one }) => {
    const { accessToken, email } = await newPerson(one);
    const patch = (fields: object, headers = {}) => one.patch<Me>('/v1/users/me', fields, { ...bearer(accessToken), ...headers });
    const match = { 'If-Match': `"${bodyOf(await me(one, accessToken)).version}"` };
    problemOf(await patch({ name: 'Ada' }), 428);
    assert.equal(bodyOf(await patch({ name: 'Ada' }, match)).name, 'Ada');
    problemOf(await patch({ name: 'Eve' }, match), 412);
    for (const fields of [{ email: 'other@example.test' }, { id: 'x' }, { passwordHash: '!' }, { role: 'admin' }, { name: 7 }, { name: 'x'.repeat(101) }]) {
      problemOf(await patch(fields, { 'If-Match': '*' }), 400);
    }
    const { name, email: kept } = bodyOf(await me(one, accessToken));
    assert.deepEqual([name, kept], ['Ada', email]);
  }),

  leaf('account', 'closing it takes the password, ends every session at once and frees the address', async (world) => {
    const person = await newPerson(world.one);
    const other = bodyOf(await logIn(world.two, person));
    problemOf(await close(world.one, person.accessToken, `${person.password}!`), 403);
    assert.deepEqual(await statuses(world, person.accessToken), [200, 200]);
    bodyOf(await close(world.one, person.accessToken, person.password), 204);
    for (const { accessToken, refreshToken } of [person, other]) {
      assert.deepEqual(await statuses(world, accessToken), [401, 401]);
      problemOf(await refresh(world.two, refreshToken), 401);
    }
    problemOf(await logIn(world.two, person), 401);
    const { userId } = await newPerson(world.two, { email: person.email, password: person.password });
    assert.notEqual(userId, person.userId);
  }),

  leaf('account', 'a closed one leaves no address and no name behind', async ({ one, database }) => {
    const account = newAccount();
    bodyOf(await anywhere(one).post('/v1/auth/register', { ...account, name: 'Zuleika Dobson' }), 201);
    const { accessToken } = bodyOf(await logIn(one, account));
    bodyOf(await close(one, accessToken, account.password), 204);
    const rows = await database.query('select 1 from users where email = $1 or name = $2', [account.email, 'Zuleika Dobson']);
    assert.equal(rows.length, 0);
  }),

  leaf('account', 'one that is banned is out at once, at every process', async (world) => {
    const person = await newPerson(world.one);
    await world.database.query('update users set disabled_at = now() where id = $1', [person.userId]);
    assert.deepEqual(await statuses(world, person.accessToken), [401, 401]);
    problemOf(await refresh(world.one, person.refreshToken), 401);
    problemOf(await logIn(world.two, person), 401);
  }),
];
