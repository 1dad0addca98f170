import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { bodyOf, problemOf, type Answer, type Client } from '../support/http.ts';
import { anywhere, leaf, logIn, me, newAccount, newPerson, partsOf, refresh, type Leaf } from './world.ts';

const HOSTILE: readonly unknown[] = [null, 7, true, '', [], {}, { $ne: '' }, ['a@example.test'], "' or 1=1 --@example.test", 'a\u0000@example.test', '\uD800', 'x'.repeat(5000)];
const COMMON = ['password1234', '123456789012', 'qwertyuiop12', 'aaaaaaaaaaaa'] as const;

const register = (client: Client, account: unknown) => anywhere(client).post('/v1/auth/register', account);
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function pointersOf(answer: Answer<unknown>): readonly string[] {
  return (problemOf(answer, 400).errors ?? []).map(({ pointer }) => pointer);
}

export const entrance: readonly Leaf[] = [
  leaf('register', 'makes an account that its password opens, at every process', async ({ one, two }) => {
    const account = newAccount();
    const registered = await register(one, { ...account, name: 'Ada' });
    bodyOf(registered, 201);
    assert.ok(!registered.text.includes(account.password), 'a password is never sent back');
    const { accessToken } = bodyOf(await logIn(two, account));
    const { email, name } = bodyOf(await me(two, accessToken));
    assert.deepEqual({ email, name }, { email: account.email, name: 'Ada' });
  }),

  leaf('register', 'an address is taken once, in any case, and when two want it together', async ({ one, two }) => {
    const account = newAccount();
    const both = await Promise.all([register(one, account), register(two, { ...account, email: account.email.toUpperCase() })]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [201, 409]);
    problemOf(await register(one, account), 409);
  }),

  leaf('register', 'a password that is short, long or common is refused', async ({ one }) => {
    for (const password of ['x4!kP9z$Qw2', 'k9$'.repeat(43), ...COMMON]) {
      assert.deepEqual(pointersOf(await register(one, { ...newAccount(), password })), ['/body/password'], password);
    }
  }),

  leaf('register', 'a password counts to its last character', async ({ one }) => {
    const account = { ...newAccount(), password: randomBytes(96).toString('base64url') };
    bodyOf(await register(one, account), 201);
    problemOf(await logIn(one, { ...account, password: `${account.password.slice(0, -1)}~` }), 401);
    problemOf(await logIn(one, { ...account, password: account.password.slice(0, 72) }), 401);
    bodyOf(await logIn(one, account));
  }),

  leaf('register', 'a password may have spaces and any script, and all of it counts', async ({ one }) => {
    const account = { ...newAccount(), password: '  Ünï çødé, κάτι, 何か 🧪 ' };
    bodyOf(await register(one, account), 201);
    for (const password of [account.password.trim(), account.password.toLowerCase(), account.password.replace('🧪', '🧫')]) {
      problemOf(await logIn(one, { ...account, password }), 401);
    }
    bodyOf(await logIn(one, account));
  }),

  leaf('register', 'what is not declared or no address is refused, and nothing breaks', async ({ one }) => {
    assert.deepEqual(pointersOf(await register(one, { ...newAccount(), role: 'admin' })), ['/body/role']);
    for (const email of [...HOSTILE, 'no address', 'two@@example.test', 'a b@example.test']) {
      assert.ok(pointersOf(await register(one, { ...newAccount(), email })).includes('/body/email'), JSON.stringify(email));
    }
  }),

  leaf('login', 'gives an access token of 15 minutes at most, and an opaque refresh token', async ({ one }) => {
    const { accessToken, refreshToken, expiresIn } = await newPerson(one);
    const { iat, exp } = partsOf(accessToken).payload as { iat: number; exp: number };
    assert.ok(exp - iat > 0 && exp - iat <= 900, `${exp - iat} s`);
    assert.equal(expiresIn, exp - iat);
    assert.match(refreshToken, /^[\w-]{43,}$/);
  }),

  leaf('login', 'the address may be written in any case', async ({ one }) => {
    const { email, password } = await newPerson(one);
    bodyOf(await logIn(one, { email: email.toUpperCase(), password }));
  }),

  leaf('login', 'a wrong password and an unknown address get the same answer', async ({ one }) => {
    const { email } = await newPerson(one);
    const answers = [await logIn(one, { ...newAccount(), email }), await logIn(one, newAccount())];
    const [wrong, unknown] = answers.map((answer) => ({ ...problemOf(answer, 401), requestId: '' }));
    assert.deepEqual(wrong, unknown);
    const [names, others] = answers.map(({ headers }) => Array.from(headers.keys()));
    assert.deepEqual(names, others);
  }),

  leaf('login', 'a wrong password and an unknown address take a similar time', async ({ one }) => {
    const known = [await newPerson(one), await newPerson(one), await newPerson(one), await newPerson(one)];
    const times = { wrong: [] as number[], unknown: [] as number[] };
    const timed = async (email: string) => {
      const started = performance.now();
      problemOf(await logIn(one, { ...newAccount(), email }), 401);
      return performance.now() - started;
    };
    for (let round = 0; round < 3; round += 1) {
      for (const { email } of known) {
        times.wrong.push(await timed(email));
        times.unknown.push(await timed(newAccount().email));
      }
    }
    const ratio = median(times.wrong) / median(times.unknown);
    assert.ok(ratio > 0.5 && ratio < 2, `a wrong password takes ${ratio.toFixed(2)} times as long`);
  }),

  leaf('login', 'hostile values are refused, and nothing breaks', async ({ one }) => {
    const { email, password } = await newPerson(one);
    for (const value of HOSTILE) {
      for (const body of [{ email: value, password }, { email, password: value }, value]) {
        const { status, text } = await anywhere(one).post('/v1/auth/login', body);
        assert.ok([400, 401, 415, 429].includes(status), `${JSON.stringify(body).slice(0, 100)}: ${status} ${text}`);
      }
    }
  }),

  leaf('login', 'no password and no token reaches the log', async ({ one, services }) => {
    const { email, password, accessToken, refreshToken } = await newPerson(one);
    problemOf(await logIn(one, { email, password: `${password}!` }), 401);
    const next = bodyOf(await refresh(one, refreshToken));
    problemOf(await refresh(one, refreshToken), 401);
    const log = services[0].output();
    for (const secret of [password, accessToken, refreshToken, next.refreshToken]) assert.ok(!log.includes(secret));
  }),
];
