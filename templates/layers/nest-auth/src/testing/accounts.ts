import { randomInt, randomUUID } from 'node:crypto';
import { call, type Reply, type TestApp } from './app.ts';

export interface Sent {
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly ip?: string;
  readonly ifMatch?: string;
}

export type Visit = <Body = Record<string, string>>(method: string, path: string, sent?: Sent) => Promise<Reply<Body>>;

/** Each request comes from an address of its own, so that no test uses up the tries of another. */
export const someAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

export const someEmail = (): string => `${randomUUID()}@example.test`;

export const somePassword = (): string => `Teapot ${randomUUID()}`;

/** How people call an application that stands behind one proxy. */
export const visiting =
  (service: TestApp): Visit =>
  (method, path, { body, token, ip = someAddress(), ifMatch } = {}) =>
    call(service, method, `/v1${path}`, {
      body,
      headers: {
        'X-Forwarded-For': ip,
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
      },
    });

export interface TestPerson {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Registers somebody and logs them in. */
export async function someone(visit: Visit): Promise<TestPerson> {
  const account = { email: someEmail(), password: somePassword() };
  const { id = '' } = (await visit('POST', '/auth/register', { body: account })).body;
  const { accessToken = '', refreshToken = '' } = (await visit('POST', '/auth/login', { body: account })).body;
  return { ...account, id, accessToken, refreshToken };
}
