import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { createApp } from './app.ts';
import { createFeatures } from './features/index.ts';
import type { Database } from './ports/database.ts';
import { serve, testContext } from './testing/service.ts';

const JWT_SECRET = 'k'.repeat(43);
let url: string;

async function serveApp(db?: Database): Promise<string> {
  const context = { ...(await testContext({ JWT_SECRET })), ...(db && { db }) };
  return serve(createApp({ ...context, features: createFeatures(context) }));
}

const refuse = () => Promise.reject(new Error('connection refused'));

before(async () => {
  url = await serveApp();
});

test('live and ready answer 200 on a migrated database', async () => {
  assert.equal((await fetch(`${url}/health/live`)).status, 200);
  const ready = await fetch(`${url}/health/ready`);
  assert.equal(ready.status, 200);
  assert.equal((await ready.json() as { status: string }).status, 'ready');
});

test('without its database it is live, and not ready', async () => {
  const broken = await serveApp({ query: refuse, transaction: refuse, close: async () => {} });
  assert.equal((await fetch(`${broken}/health/live`)).status, 200);
  const ready = await fetch(`${broken}/health/ready`);
  assert.equal(ready.status, 503);
  assert.doesNotMatch(await ready.text(), /refused/);
});

test('an unknown address is a problem with a code and the request id', async () => {
  const response = await fetch(`${url}/nowhere?token=private`, { headers: { 'X-Request-Id': 'trace-12345' } });
  assert.equal(response.status, 404);
  assert.equal(response.headers.get('x-request-id'), 'trace-12345');
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.deepEqual(await response.json(), {
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    detail: 'There is nothing at this address.',
    instance: '/nowhere',
    code: 'route.not_found',
    requestId: 'trace-12345',
  });
});

test('a request id that could forge log lines is replaced', async () => {
  const response = await fetch(`${url}/health/live`, { headers: { 'X-Request-Id': 'x{"level":60}' } });
  assert.match(response.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
});

test('answers carry the headers that browsers need, and do not name the framework', async () => {
  const { headers } = await fetch(`${url}/health/live`);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('x-powered-by'), null);
});
