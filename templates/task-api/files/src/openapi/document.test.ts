import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import type { Router } from 'express';
import type { ZodType } from 'zod';
import { createApp, identifiedRoutes } from '../app.ts';
import { api, createFeatures, type Features } from '../features/index.ts';
import { createValidation } from '../features/validation/index.ts';
import type { ApiPart, Operation } from '../ports/openapi.ts';
import type { Source, Validation } from '../ports/validation.ts';
import { serve, testContext } from '../testing/service.ts';
import { describeApi, templateOf } from './document.ts';
import type { Document } from './model.ts';
import { platform } from './platform.ts';

const parsed: { readonly schema: ZodType; readonly source: Source }[] = [];
let features: Features;
let operations: readonly Operation[];
let url: string;
let headers: Record<string, string>;

const operationsOf = (parts: readonly ApiPart[]): readonly Operation[] => parts.flatMap((part) => part.operations);

/** Validates as ever, and remembers which schemas the routes asked for. */
function spyingValidation(): Validation {
  const validation = createValidation();
  return {
    ...validation,
    parse: (schema, input, source) => {
      parsed.push({ schema, source });
      return validation.parse(schema, input, source);
    },
  };
}

before(async () => {
  const context = await testContext();
  features = createFeatures(context, spyingValidation());
  operations = operationsOf([platform, ...api]);
  url = await serve(createApp({ ...context, features }));
  headers = { ...(await authorization()), 'If-Match': '"1"', 'Content-Type': 'application/json' };
});

function routesOf(prefix: string, router: Router): readonly string[] {
  return router.stack.flatMap(({ route }) => {
    const path = prefix + (route?.path === '/' ? '' : (route?.path ?? ''));
    return (route?.stack ?? []).flatMap(({ method }) => (method ? [`${method} ${path}`] : []));
  });
}

test('every route of a feature is described, and nothing else', () => {
  const routers = { '/v1/auth': features.auth.sessions, ...identifiedRoutes(features) };
  const mounted = Object.entries(routers).flatMap(([prefix, router]) => routesOf(prefix, router));
  const described = operationsOf(api).map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(new Set(described), new Set(mounted));
  assert.equal(new Set(operations.map(({ id }) => id)).size, operations.length);
});

const addressOf = ({ path }: Operation) => path.replaceAll(/:\w+/g, () => randomUUID());

/** Someone's access token, where that takes one. */
async function authorization(): Promise<Record<string, string>> {
  const person = { email: `${randomUUID()}@example.test`, password: randomUUID() };
  const init = { method: 'POST', body: JSON.stringify(person), headers: { 'Content-Type': 'application/json' } };
  await fetch(`${url}/v1/auth/register`, init);
  const { accessToken } = (await (await fetch(`${url}/v1/auth/login`, init)).json()) as { accessToken?: string };
  return accessToken ? { Authorization: `Bearer ${accessToken}` } : {};
}

test('an address that is described takes the methods that are described, and says so to others', async () => {
  for (const operation of operations) {
    const described = operations.filter(({ path }) => path === operation.path).map(({ method }) => method.toUpperCase());
    const response = await fetch(url + addressOf(operation), { method: 'PROPFIND', headers });
    assert.equal(response.status, 405, operation.path);
    assert.deepEqual(new Set(response.headers.get('allow')?.split(', ')), new Set(described), operation.path);
  }
});

test('the schemas that are described are those that the routes parse with', async () => {
  for (const operation of operations) {
    const { method, pathParameters, query, body } = operation;
    const expected = [{ schema: pathParameters, source: 'path' }, { schema: query, source: 'query' }, { schema: body?.schema, source: 'body' }];
    if (!pathParameters && !query && !body) continue;
    parsed.length = 0;
    await fetch(url + addressOf(operation), { method: method.toUpperCase(), headers, ...(body && { body: '{}' }) });
    const wanted = expected.filter(({ schema }) => schema);
    assert.equal(parsed.length, wanted.length, operation.id);
    for (const { schema, source } of wanted) {
      assert.ok(parsed.some((use) => use.schema === schema && use.source === source), `${operation.id}: ${source}`);
    }
  }
});

test('the examples are good ones', () => {
  for (const { id, body, answers } of operations) {
    for (const content of [body, ...answers.map((answer) => answer.content)]) {
      if (content?.example !== undefined) assert.ok(content.schema.safeParse(content.example).success, id);
    }
  }
});

test('every reference in the document leads somewhere', async () => {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  assert.match(document.openapi, /^3\.1\./);
  assert.equal(Object.keys(document.paths).length, new Set(operations.map(templateOf)).size);
  for (const [, reference = ''] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const target = reference.split('/').reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], document);
    assert.ok(target, reference);
  }
});

test('who has to say who they are is described as it is', () => {
  const describe = (required: boolean) => describeApi([{ name: 'x', description: 'x', operations: [operation] }], { description: 'x', required });
  const operation: Operation = { id: 'x', method: 'get', path: '/v1/x/:id', summary: 'x', answers: [{ status: 200, description: 'x' }] };
  const [asked, free] = [describe(true), describe(false)].map(({ paths }) => paths['/v1/x/{id}']?.['get']);
  assert.deepEqual(asked?.security, [{ bearer: [] }]);
  assert.ok(asked?.responses['401']);
  assert.deepEqual(free?.security, [{}, { bearer: [] }]);
  assert.equal(free?.responses['401'], undefined);
});
