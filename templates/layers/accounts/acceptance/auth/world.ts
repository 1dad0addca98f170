import { createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { TestDatabase } from '../support/database.ts';
import { bodyOf, type Answer, type Client } from '../support/http.ts';
import type { Service } from '../support/processes.ts';
import { requireBuilt, type Kit } from '../support/suite.ts';

/** Two processes of the service on one database: what one of them decides must hold at the other. */
export interface AuthWorld {
  readonly one: Client;
  readonly two: Client;
  readonly services: readonly [Service, Service];
  readonly secret: string;
  readonly database: TestDatabase;
  readonly kit: Kit;
}

export interface Grant {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
}

export interface Account {
  readonly email: string;
  readonly password: string;
}

export interface Person extends Account, Grant {
  readonly userId: string;
}

export interface Me {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly version: number;
}

type Content = Readonly<Record<string, unknown>>;

export async function makeWorld(kit: Kit): Promise<AuthWorld> {
  const database = await kit.database();
  const secret = randomBytes(32).toString('hex');
  const env = { NODE_ENV: 'development', DATABASE_URL: database.url, JWT_SECRET: secret, TRUSTED_PROXIES: '1' };
  const first = await kit.start(env);
  requireBuilt('auth', await first.client.post('/v1/auth/register', {}));
  const second = await kit.start(env);
  return { one: first.client, two: second.client, services: [first, second], secret, database, kit };
}

export interface Leaf {
  readonly id: string;
  readonly title: string;
  readonly body: (world: AuthWorld) => Promise<void>;
}

/** A test that the suite declares: one thing that the evidence `auth.id` consists of. */
export const leaf = (id: string, title: string, body: Leaf['body']): Leaf => Object.freeze({ id, title, body });

/** An address of our own behind the one proxy that the processes trust. */
export const address = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

/** As `client`, from somewhere else each time, so that no leaf uses up the tries of another. */
export const anywhere = (client: Client): Client => client.with({ 'X-Forwarded-For': address() });

export const newAccount = (): Account => ({ email: `${randomUUID()}@example.test`, password: randomBytes(18).toString('base64url') });

export const bearer = (token: string): { Authorization: string } => ({ Authorization: `Bearer ${token}` });

export function logIn(client: Client, { email, password }: Account): Promise<Answer<Grant>> {
  return anywhere(client).post('/v1/auth/login', { email, password });
}

export function refresh(client: Client, refreshToken: string): Promise<Answer<Grant>> {
  return anywhere(client).post('/v1/auth/refresh', { refreshToken });
}

/** Registers somebody and logs them in. */
export async function newPerson(client: Client, account: Account = newAccount()): Promise<Person> {
  bodyOf(await anywhere(client).post('/v1/auth/register', account), 201);
  const grant = bodyOf(await logIn(client, account));
  const { id } = bodyOf(await me(client, grant.accessToken));
  return { ...account, ...grant, userId: id };
}

export function me(client: Client, accessToken: string): Promise<Answer<Me>> {
  return client.get('/v1/users/me', bearer(accessToken));
}

/** How each process answers to an access token. */
export async function statuses({ one, two }: AuthWorld, accessToken: string): Promise<readonly number[]> {
  return (await Promise.all([me(one, accessToken), me(two, accessToken)])).map(({ status }) => status);
}

/** Guesses until it is told to stop, and returns how many guesses were judged. */
export async function guesses(attempt: (round: number) => Promise<Answer<unknown>>, most = 200): Promise<number> {
  for (let round = 0; round < most; round += 1) {
    const { status } = await attempt(round);
    if (status === 429) return round;
  }
  throw new Error(`${most} guesses in a row were judged`);
}

export interface TokenParts {
  readonly header: Content;
  readonly payload: Content;
}

export function partsOf(token: string): TokenParts {
  const [header = '', payload = ''] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  return { header: JSON.parse(header) as Content, payload: JSON.parse(payload) as Content };
}

/** Signs as the service would, by hand: what is wrong on purpose no library would sign. */
export function forge({ header, payload }: TokenParts, secret: string, hash = 'sha256'): string {
  const signed = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}
