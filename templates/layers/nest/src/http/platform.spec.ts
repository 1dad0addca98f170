import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiDescription } from '../openapi/api-description.ts';
import { call, startApp, type TestApp } from '../testing/app.ts';

let service: TestApp;

beforeAll(async () => {
  service = await startApp();
});

afterAll(() => service.app.close());

const send = (body: string, type: string) => fetch(`${service.url}/v1/auth/login`, { method: 'POST', body, headers: { 'Content-Type': type } });

describe('the platform', () => {
  test('is alive and ready', async () => {
    expect((await call(service, 'GET', '/health/live')).body).toEqual({ status: 'live' });
    const ready = await call(service, 'GET', '/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.body).toEqual({ status: 'ready', checks: { accepting: 'ok', database: 'ok' } });
  });

  test('answers an unknown address and a wrong method with problems', async () => {
    const unknown = await call(service, 'GET', '/nowhere');
    expect(unknown.status).toBe(404);
    expect(unknown.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(unknown.body).toMatchObject({ code: 'route.not_found', instance: '/nowhere' });
    const wrong = await call(service, 'DELETE', '/health/live');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('GET');
  });

  test('takes JSON alone, of a reasonable size', async () => {
    expect((await send('{', 'application/json')).status).toBe(400);
    expect((await send('{}', 'text/plain')).status).toBe(415);
    expect((await send(JSON.stringify('x'.repeat(110_000)), 'application/json')).status).toBe(413);
  });

  test('keeps the id of a request, unless it could forge a line of the log', async () => {
    const kept = await call(service, 'GET', '/health/live', { headers: { 'X-Request-Id': 'abcdef-123456' } });
    expect(kept.headers.get('x-request-id')).toBe('abcdef-123456');
    const made = await call(service, 'GET', '/health/live', { headers: { 'X-Request-Id': 'a b' } });
    expect(made.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('the description', () => {
  test('has its page, under a policy that allows no script', async () => {
    const page = await fetch(`${service.url}/docs`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; style-src 'sha256-/);
    expect(await page.text()).not.toMatch(/<script/);
  });

  test('names each operation once, and knows a schema for whatever is sent', async () => {
    const operations = service.app.get(ApiDescription).operations();
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, path, pathParameters } of operations) {
      expect(Boolean(pathParameters), `${id} has a schema for its path exactly where the path has parameters`).toBe(path.includes(':'));
    }
  });
});
