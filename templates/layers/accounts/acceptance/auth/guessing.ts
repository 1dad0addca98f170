import assert from 'node:assert/strict';
import { bodyOf, problemOf, type Answer, type Client } from '../support/http.ts';
import { address, anywhere, bearer, guesses, leaf, logIn, newAccount, newPerson, type Account, type Leaf } from './world.ts';

/** Guesses a password as somebody with an address for each try, at each process in turn. */
const wrongly = (clients: readonly Client[], { email }: Pick<Account, 'email'>) => (round: number): Promise<Answer<unknown>> =>
  logIn(clients[round % clients.length] as Client, { ...newAccount(), email });

export const guessing: readonly Leaf[] = [
  leaf('guessing', 'is limited for an account, from however many addresses and at however many processes', async ({ one, two }) => {
    const [alone, spread] = [await newPerson(one), await newPerson(one)];
    const atOne = await guesses(wrongly([one], alone));
    assert.ok(atOne >= 3 && atOne <= 100, `${atOne} guesses`);
    assert.equal(await guesses(wrongly([one, two], spread)), atOne, 'two processes count together');
    for (const client of [one, two]) problemOf(await logIn(client, spread), 429);
  }),

  leaf('guessing', 'all at once gets no further than one by one', async ({ one, two }) => {
    const [patient, hasty] = [await newPerson(one), await newPerson(one)];
    const most = await guesses(wrongly([one], patient));
    const burst = await Promise.all(Array.from({ length: most + 20 }, (_, round) => wrongly([one, two], hasty)(round)));
    assert.ok(burst.every(({ status }) => status === 401 || status === 429), String(burst.map(({ status }) => status)));
    assert.ok(burst.filter(({ status }) => status === 401).length <= most);
  }),

  leaf('guessing', 'an account that does not exist is limited alike', async ({ one }) => {
    const [existing, unknown] = [await newPerson(one), newAccount()];
    assert.equal(await guesses(wrongly([one], existing)), await guesses(wrongly([one], unknown)));
    const [limited, other] = await Promise.all([logIn(one, existing), logIn(one, unknown)]);
    assert.deepEqual({ ...problemOf(limited, 429), requestId: '' }, { ...problemOf(other, 429), requestId: '' });
  }),

  leaf('guessing', 'an answer says how many tries are left, and when to come back', async ({ one }) => {
    const person = await newPerson(one);
    const first = await logIn(one, { ...newAccount(), email: person.email });
    assert.ok([...first.headers.keys()].some((name) => name.startsWith('ratelimit')), 'RateLimit headers come with every login');
    await guesses(wrongly([one], person));
    const { headers } = await logIn(one, person);
    assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/);
    assert.ok([...headers.keys()].some((name) => name.startsWith('ratelimit')));
  }),

  leaf('guessing', 'the limit of one account leaves everybody else alone, and the sessions that are open', async ({ one, two }) => {
    const [victim, bystander] = [await newPerson(one), await newPerson(one)];
    await guesses(wrongly([one], victim));
    bodyOf(await logIn(two, bystander));
    bodyOf(await one.get('/v1/users/me', bearer(victim.accessToken)));
    bodyOf(await two.post('/v1/auth/refresh', { refreshToken: victim.refreshToken }));
  }),

  leaf('guessing', 'one address that tries many accounts is stopped, whatever it claims to forward for', async ({ one, two }) => {
    const bystander = await newPerson(one);
    const attacker = address();
    const most = await guesses((round) => {
      const headers = { 'X-Forwarded-For': `${address()}, ${attacker}` };
      return (round % 2 ? one : two).post('/v1/auth/login', newAccount(), headers);
    });
    assert.ok(most >= 10, `${most} tries`);
    problemOf(await two.with({ 'X-Forwarded-For': attacker }).post('/v1/auth/login', { email: bystander.email, password: bystander.password }), 429);
    bodyOf(await logIn(two, bystander));
  }),

  leaf('guessing', 'the current password cannot be guessed with a stolen access token', async ({ one, two }) => {
    const { accessToken, password } = await newPerson(one);
    const attempt = (round: number, currentPassword: string) =>
      anywhere(round % 2 ? one : two).post('/v1/auth/password', { currentPassword, newPassword: newAccount().password }, bearer(accessToken));
    const most = await guesses((round) => attempt(round, newAccount().password), 100);
    assert.ok(most >= 3, `${most} guesses`);
    problemOf(await attempt(0, password), 429);
  }),
];
