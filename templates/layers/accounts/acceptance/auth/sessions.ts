import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { bodyOf, problemOf } from '../support/http.ts';
import { bearer, leaf, logIn, me, newPerson, partsOf, refresh, statuses, type Leaf } from './world.ts';

interface Session {
  readonly id: string;
  readonly current: boolean;
}

export const sessions: readonly Leaf[] = [
  leaf('refresh', 'gives new tokens for the same person, at every process', async (world) => {
    const { userId, accessToken, refreshToken } = await newPerson(world.one);
    const next = bodyOf(await refresh(world.two, refreshToken));
    assert.notEqual(next.refreshToken, refreshToken);
    assert.equal(bodyOf(await me(world.one, next.accessToken)).id, userId);
    const last = bodyOf(await refresh(world.one, next.refreshToken));
    assert.deepEqual(await statuses(world, last.accessToken), [200, 200]);
    assert.equal(partsOf(last.accessToken).payload['sid'], partsOf(accessToken).payload['sid'], 'it is still the same session');
  }),

  leaf('refresh', 'many at once with one token have at most one successor', async ({ one, two }) => {
    const { refreshToken } = await newPerson(one);
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => refresh(n % 2 ? one : two, refreshToken)));
    assert.ok(answers.every(({ status }) => status === 200 || status === 401), String(answers.map(({ status }) => status)));
    assert.ok(answers.filter(({ status }) => status === 200).length <= 1);
  }),

  leaf('refresh', 'the database does not hold what would open a session', async ({ one, database }) => {
    const { refreshToken } = await newPerson(one);
    const rows = await database.query<{ text: string }>('select t::text as text from refresh_tokens t');
    const plain = [refreshToken, Buffer.from(refreshToken).toString('hex'), Buffer.from(refreshToken, 'base64url').toString('hex')];
    assert.ok(rows.length > 0 && rows.every(({ text }) => plain.every((form) => !text.includes(form))));
  }),

  leaf('refresh', 'a token that is unknown, bent, of another kind or too old is refused', async ({ one, database }) => {
    const { userId, refreshToken, accessToken } = await newPerson(one);
    const bent = `${refreshToken.startsWith('A') ? 'B' : 'A'}${refreshToken.slice(1)}`;
    for (const token of [bent, `${refreshToken}A`, accessToken, randomBytes(32).toString('base64url')]) problemOf(await refresh(one, token), 401);
    await database.query("update refresh_tokens set expires_at = now() - interval '1 second' where user_id = $1", [userId]);
    problemOf(await refresh(one, refreshToken), 401);
  }),

  leaf('reuse', 'a token that comes a second time ends the session, at every process', async (world) => {
    const { accessToken, refreshToken } = await newPerson(world.one);
    const next = bodyOf(await refresh(world.one, refreshToken));
    assert.deepEqual(await statuses(world, next.accessToken), [200, 200]);
    problemOf(await refresh(world.two, refreshToken), 401);
    for (const token of [accessToken, next.accessToken]) assert.deepEqual(await statuses(world, token), [401, 401]);
    problemOf(await refresh(world.one, next.refreshToken), 401);
  }),

  leaf('reuse', 'is noticed however many successors there have been', async (world) => {
    const { refreshToken } = await newPerson(world.one);
    let last = bodyOf(await refresh(world.one, refreshToken));
    for (let round = 0; round < 3; round += 1) last = bodyOf(await refresh(world.two, last.refreshToken));
    problemOf(await refresh(world.one, refreshToken), 401);
    assert.deepEqual(await statuses(world, last.accessToken), [401, 401]);
    problemOf(await refresh(world.two, last.refreshToken), 401);
  }),

  leaf('reuse', 'leaves the other sessions of the person alone', async (world) => {
    const person = await newPerson(world.one);
    const other = bodyOf(await logIn(world.two, person));
    bodyOf(await refresh(world.one, person.refreshToken));
    problemOf(await refresh(world.one, person.refreshToken), 401);
    assert.deepEqual(await statuses(world, other.accessToken), [200, 200]);
    bodyOf(await refresh(world.one, other.refreshToken));
  }),

  leaf('logout', 'ends the session at once, at every process, and no other', async (world) => {
    const person = await newPerson(world.one);
    const other = bodyOf(await logIn(world.one, person));
    bodyOf(await world.one.post('/v1/auth/logout', undefined, bearer(person.accessToken)), 204);
    assert.deepEqual(await statuses(world, person.accessToken), [401, 401]);
    problemOf(await refresh(world.two, person.refreshToken), 401);
    assert.deepEqual(await statuses(world, other.accessToken), [200, 200]);
  }),

  leaf('logout', 'everywhere ends every session of the person, and nobody else’s', async (world) => {
    const [person, bystander] = [await newPerson(world.one), await newPerson(world.one)];
    const other = bodyOf(await logIn(world.two, person));
    bodyOf(await world.two.post('/v1/auth/logout-all', undefined, bearer(person.accessToken)), 204);
    for (const { accessToken, refreshToken } of [person, other]) {
      assert.deepEqual(await statuses(world, accessToken), [401, 401]);
      problemOf(await refresh(world.one, refreshToken), 401);
    }
    assert.deepEqual(await statuses(world, bystander.accessToken), [200, 200]);
  }),

  leaf('logout', 'a refresh and a logout that meet leave no session behind', async (world) => {
    for (let round = 0; round < 5; round += 1) {
      const { accessToken, refreshToken } = await newPerson(world.one);
      const [refreshed, ended] = await Promise.all([refresh(world.one, refreshToken), world.two.post('/v1/auth/logout', undefined, bearer(accessToken))]);
      bodyOf(ended, 204);
      if (refreshed.status === 200) assert.deepEqual(await statuses(world, refreshed.body.accessToken), [401, 401]);
    }
  }),

  leaf('sessions', 'lists what is open, and which of it is this', async ({ one, two }) => {
    const person = await newPerson(one);
    const other = bodyOf(await logIn(two, person));
    const listed = async (token: string) => bodyOf(await one.get<{ data: Session[] }>('/v1/auth/sessions', bearer(token))).data;
    const [mine, theirs] = [await listed(person.accessToken), await listed(other.accessToken)];
    assert.equal(mine.length, 2);
    assert.deepEqual(mine.map(({ id }) => id).toSorted(), theirs.map(({ id }) => id).toSorted());
    assert.notEqual(mine.find(({ current }) => current)?.id, theirs.find(({ current }) => current)?.id);
    assert.deepEqual([mine, theirs].map((list) => list.filter(({ current }) => current).length), [1, 1]);
  }),

  leaf('sessions', 'one is ended by its id, at once and alone', async (world) => {
    const person = await newPerson(world.one);
    const other = bodyOf(await logIn(world.two, person));
    const { data } = bodyOf(await world.one.get<{ data: Session[] }>('/v1/auth/sessions', bearer(person.accessToken)));
    const id = data.find(({ current }) => !current)?.id ?? '';
    bodyOf(await world.one.delete(`/v1/auth/sessions/${id}`, bearer(person.accessToken)), 204);
    assert.deepEqual(await statuses(world, other.accessToken), [401, 401]);
    problemOf(await refresh(world.two, other.refreshToken), 401);
    assert.deepEqual(await statuses(world, person.accessToken), [200, 200]);
  }),

  leaf('sessions', 'other people’s do not exist for you', async (world) => {
    const [person, stranger] = [await newPerson(world.one), await newPerson(world.one)];
    const { data } = bodyOf(await world.one.get<{ data: Session[] }>('/v1/auth/sessions', bearer(stranger.accessToken)));
    for (const id of [data[0]?.id ?? '', randomUUID()]) problemOf(await world.one.delete(`/v1/auth/sessions/${id}`, bearer(person.accessToken)), 404);
    problemOf(await world.one.delete('/v1/auth/sessions/nonsense', bearer(person.accessToken)), 400);
    problemOf(await world.one.get('/v1/auth/sessions'), 401);
    assert.deepEqual(await statuses(world, stranger.accessToken), [200, 200]);
  }),
];
