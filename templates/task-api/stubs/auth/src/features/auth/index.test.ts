import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import express from 'express';
import { reportErrors } from '../../http/errors.ts';
import { identityOf } from '../../ports/identity.ts';
import { serve, testContext } from '../../testing/service.ts';
import { createAuth } from './index.ts';

const PRODUCTION = { NODE_ENV: 'production', DATABASE_URL: 'postgres://127.0.0.1/tasks' };

async function serveWhoAmI(variables: NodeJS.ProcessEnv): Promise<string> {
  const context = await testContext(variables);
  const app = express().use('/v1', createAuth(context).authenticate);
  app.get('/v1/me', (request, response) => void response.json(identityOf(request)));
  return serve(app.use(reportErrors(context.log)));
}

test('in development everyone is the development user', async () => {
  const response = await fetch(`${await serveWhoAmI({})}/v1/me`);
  assert.deepEqual(await response.json(), { userId: '00000000-0000-4000-8000-000000000001' });
});

test('production without a demo token does not start', async () => {
  const context = await testContext(PRODUCTION);
  assert.throws(() => createAuth(context), /DEMO_TOKEN/);
});

test('in production every call carries the demo token', async () => {
  const token = randomBytes(32).toString('hex');
  const url = await serveWhoAmI({ ...PRODUCTION, DEMO_TOKEN: token });
  const status = async (headers: Record<string, string>) => (await fetch(`${url}/v1/me`, { headers })).status;
  assert.equal(await status({}), 401);
  assert.equal(await status({ Authorization: `Bearer ${token}x` }), 401);
  assert.equal(await status({ Authorization: `Bearer ${token}` }), 200);
});
