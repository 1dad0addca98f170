import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { IDENTIFIED } from '../paths.ts';
import { problemOf } from '../support/http.ts';
import { forge, leaf, me, newPerson, partsOf, statuses, type AuthWorld, type Leaf, type TokenParts } from './world.ts';

type Changes = Readonly<Record<string, unknown>>;

const now = (): number => Math.floor(Date.now() / 1000);

const changed = ({ header, payload }: TokenParts, claims: Changes, fields: Changes = {}): TokenParts => ({
  // JSON leaves out what is undefined.
  payload: { ...payload, ...claims },
  header: { ...header, ...fields },
});

async function refused({ one, two }: AuthWorld, token: string, what: unknown): Promise<void> {
  for (const client of [one, two]) {
    const answer = await me(client, token);
    assert.equal(answer.status, 401, `${JSON.stringify(what)}: ${answer.status} ${answer.text}`);
    problemOf(answer, 401);
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
  }
}

export const tokens: readonly Leaf[] = [
  leaf('tokens', 'one that is signed as ours are is good: what is refused below is refused for its flaw', async (world) => {
    const parts = partsOf((await newPerson(world.one)).accessToken);
    assert.deepEqual(await statuses(world, forge(parts, world.secret)), [200, 200]);
    assert.deepEqual(await statuses(world, forge(changed(parts, { exp: now() + 60 }), world.secret)), [200, 200]);
  }),

  leaf('tokens', 'a bent one, an unsigned one and one of another key are refused', async (world) => {
    const [person, other] = [await newPerson(world.one), await newPerson(world.one)];
    const [header = '', payload = '', signature = ''] = person.accessToken.split('.');
    const theirs = other.accessToken.split('.')[1] ?? '';
    await refused(world, `${header}.${theirs}.${signature}`, 'the claims of another token');
    await refused(world, `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`, 'a bent signature');
    await refused(world, `${header}.${payload}.`, 'no signature');
    await refused(world, `${header}.${payload}`, 'two parts');
    await refused(world, forge(partsOf(person.accessToken), randomBytes(32).toString('hex')), 'another key');
    await refused(world, forge(partsOf(person.accessToken), ''), 'an empty key');
  }),

  leaf('tokens', 'alg none and every algorithm but ours are refused, with the right key too', async (world) => {
    const parts = partsOf((await newPerson(world.one)).accessToken);
    for (const alg of ['none', 'None', 'NONE', '']) {
      const [header, payload] = forge(changed(parts, {}, { alg }), world.secret).split('.');
      await refused(world, `${header}.${payload}.`, alg);
    }
    for (const [alg, hash] of [['HS384', 'sha384'], ['HS512', 'sha512'], ['RS256', 'sha256'], [undefined, 'sha256']] as const) {
      await refused(world, forge(changed(parts, {}, { alg }), world.secret, hash), alg);
    }
    await refused(world, forge(changed(parts, {}, { crit: ['b64'], b64: false }), world.secret), 'crit');
  }),

  leaf('tokens', 'one that has run out, runs for ever or does not run yet is refused', async (world) => {
    const parts = partsOf((await newPerson(world.one)).accessToken);
    const times = [{ exp: now() - 60 }, { exp: undefined }, { exp: 'never' }, { exp: 0 }, { iat: now() - 3600, exp: now() + 3600 }, { nbf: now() + 600 }];
    for (const claims of times) await refused(world, forge(changed(parts, claims), world.secret), claims);
  }),

  leaf('tokens', 'one of another issuer, audience or type is refused', async (world) => {
    const parts = partsOf((await newPerson(world.one)).accessToken);
    for (const claims of [{ iss: 'https://elsewhere.test' }, { iss: undefined }, { aud: 'another-service' }, { aud: undefined }]) {
      await refused(world, forge(changed(parts, claims), world.secret), claims);
    }
    for (const typ of ['refresh+jwt', 'id+jwt', undefined]) await refused(world, forge(changed(parts, {}, { typ }), world.secret), { typ });
  }),

  leaf('tokens', 'one needs a session that is the person’s own', async (world) => {
    const [person, other] = [await newPerson(world.one), await newPerson(world.one)];
    const parts = partsOf(person.accessToken);
    const { sid } = partsOf(other.accessToken).payload;
    for (const claims of [{ sid: undefined }, { sid: randomUUID() }, { sid }, { sid: 'x' }, { sid: { $ne: '' } }, { sub: other.userId }, { sub: undefined }, { sub: "' or true --" }]) {
      await refused(world, forge(changed(parts, claims), world.secret), claims);
    }
  }),

  leaf('tokens', 'nothing but an access token opens anything', async (world) => {
    const { accessToken, refreshToken, password } = await newPerson(world.one);
    await refused(world, refreshToken, 'a refresh token');
    await refused(world, password, 'a password');
    for (const Authorization of ['', 'Bearer', 'Bearer ', `Basic ${accessToken}`, accessToken, `Bearer ${accessToken} x`, `Bearer ${'x'.repeat(5000)}`]) {
      problemOf(await world.one.get('/v1/users/me', { Authorization }), 401);
    }
    for (const path of [...IDENTIFIED, '/v1/users/me', '/v1/auth/sessions']) problemOf(await world.two.get(path), 401);
    problemOf(await world.two.get(`/v1/users/me?access_token=${accessToken}`), 401);
  }),

  leaf('tokens', 'production does not start without a secret of its own, and does not print it', async ({ kit, database }) => {
    const weak = ['', 'short', 'change-me-change-me-change-me-change-me', `example-${'k'.repeat(40)}`];
    for (const JWT_SECRET of weak) {
      const service = await kit.launch({ NODE_ENV: 'production', DATABASE_URL: database.url, HOST: '127.0.0.1', JWT_SECRET });
      const { code } = await service.exited();
      assert.notEqual(code, 0, `started with JWT_SECRET=${JWT_SECRET}`);
      assert.match(service.output(), /JWT_SECRET/);
      if (JWT_SECRET) assert.ok(!service.output().includes(JWT_SECRET));
    }
  }),
];
