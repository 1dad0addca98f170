import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../config.ts';
import { PrismaService } from '../../db/prisma.service.ts';
import { ROLES } from '../../ports/roles.ts';
import { testDatabase } from '../../testing/database.ts';
import { Developers } from './developers.ts';
import { DevelopmentAuthenticator } from './development.authenticator.ts';

const PRODUCTION = { NODE_ENV: 'production', DATABASE_URL: 'postgres://127.0.0.1/shop' };
let prisma: PrismaService;

beforeAll(async () => {
  prisma = new PrismaService((await testDatabase()).pool);
});

const authenticator = (variables: NodeJS.ProcessEnv) => new DevelopmentAuthenticator(readConfig(variables), new Developers(prisma));
const sending = (headers: Readonly<Record<string, string>>) => ({ get: (name: string) => headers[name] }) as unknown as Request;

test('in development everyone is the development user of the role that they name', async () => {
  const development = authenticator({});
  for (const role of ROLES) {
    const { userId } = await development.authenticate(sending({ 'x-development-role': role }));
    expect(await prisma.user.findUnique({ where: { id: userId } })).toMatchObject({ role, email: `${role}@localhost`, passwordHash: '!' });
  }
  expect(await development.authenticate(sending({}))).toMatchObject({ role: 'customer' });
});

test('several processes may meet a development user first', async () => {
  const request = sending({ 'x-development-role': 'staff' });
  const met = await Promise.all([1, 2, 3].map(() => authenticator({}).authenticate(request)));
  expect(new Set(met.map(({ userId }) => userId)).size).toBe(1);
});

test('a role that there is not is refused', async () => {
  await expect(authenticator({}).authenticate(sending({ 'x-development-role': 'owner' }))).rejects.toMatchObject({ status: 400 });
});

test('production without a demo token does not start', () => {
  expect(() => authenticator(PRODUCTION)).toThrow(/DEMO_TOKEN/);
});

test('in production every call carries the demo token', async () => {
  const token = randomBytes(32).toString('hex');
  const production = authenticator({ ...PRODUCTION, DEMO_TOKEN: token });
  expect(production.credential().required).toBe(true);
  for (const authorization of ['', token, `Bearer ${token}x`]) {
    await expect(production.authenticate(sending({ authorization }))).rejects.toMatchObject({ status: 401 });
  }
  expect(await production.authenticate(sending({ authorization: `Bearer ${token}` }))).toMatchObject({ role: 'customer' });
});
