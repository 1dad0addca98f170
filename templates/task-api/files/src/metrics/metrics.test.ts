import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Operation } from '../ports/openapi.ts';
import { serve, testContext } from '../testing/service.ts';
import { createMetrics } from './metrics.ts';
import { OTHER, routeNames } from './route-names.ts';
import { serveMetrics } from './server.ts';

const answers: Operation['answers'] = [{ status: 200, description: '' }];
const operations: readonly Operation[] = [{ id: 'get', method: 'get', path: '/things/:id', summary: '', answers }];
const closing = new AbortController();
let api: string;
let inside: string;

before(async () => {
  const { config, log } = await testContext({ METRICS_PORT: '0' });
  const metrics = createMetrics();
  const server = await serveMetrics(metrics, config, log);
  closing.signal.addEventListener('abort', () => server.close());
  inside = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const app = express().use(metrics.countRequests(operations));
  api = await serve(app.get('/things/:id', (_request, response) => void response.json({})));
});

after(() => closing.abort());

test('requests are counted by template, whatever was sent', async () => {
  const secret = randomUUID();
  for (const path of [`/things/${secret}`, `/things/${randomUUID()}?q=${secret}`, `/${secret}`]) await (await fetch(api + path)).text();
  const response = await fetch(`${inside}/metrics`);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  assert.match(text, /^http_requests_total\{method="GET",route="\/things\/:id",status="200"\} 2$/m);
  assert.match(text, /^http_requests_total\{method="GET",route="other",status="404"\} 1$/m);
  assert.match(text, /^http_request_duration_seconds_count\{method="GET",route="\/things\/:id"\} 2$/m);
  assert.match(text, /^process_cpu_seconds_total /m);
  assert.ok(!text.includes(secret));
});

test('there is nothing else on that port', async () => {
  assert.equal((await fetch(`${inside}/`)).status, 404);
  assert.equal((await fetch(`${inside}/metrics`, { method: 'POST' })).status, 404);
});

test('an address belongs to the template that it fits in every part', () => {
  const nameOf = routeNames(['/v1/tasks', '/v1/tasks/:id', '/v1/users/me']);
  const names = ['/v1/tasks', '/v1/tasks/', '/v1/tasks/7', '/v1/tasks/7/x', '/v1/users/you', '/'].map(nameOf);
  assert.deepEqual(names, ['/v1/tasks', '/v1/tasks', '/v1/tasks/:id', OTHER, OTHER, OTHER]);
});
