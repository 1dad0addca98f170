import { z } from 'zod';
import type { Answer, Credential, Operation } from '../ports/openapi.ts';
import type { Header, Response } from './model.ts';
import { named, type Schemas } from './schemas.ts';

const Problem = named(
  'Problem',
  z.strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'For people; it may change.' }),
    instance: z.string(),
    code: z.string().meta({ description: 'Stable: clients may branch on it.' }),
    requestId: z.string(),
    errors: z
      .array(z.strictObject({ pointer: z.string().meta({ description: 'Where: `/body/title`, `/query/limit`.' }), detail: z.string() }))
      .optional(),
  }),
);

export const HEADERS: Readonly<Record<string, Header>> = Object.freeze({
  'X-Request-Id': { description: 'The `X-Request-Id` of the request, or a new one.', schema: { type: 'string' } },
  ETag: { description: 'The version, for `If-Match`.', schema: { type: 'string', pattern: String.raw`^"[\da-f.-]+"$` } },
  Location: { description: 'Where it can be read.', schema: { type: 'string' } },
  'Retry-After': { description: 'After how many seconds to try again.', schema: { type: 'string', pattern: String.raw`^\d+$` } },
  'WWW-Authenticate': { description: 'How to say who you are.', schema: { type: 'string' } },
  RateLimit: { description: 'How many tries are left, and until when.', schema: { type: 'string' } },
  'RateLimit-Policy': { description: 'How many tries there are in how many seconds.', schema: { type: 'string' } },
});

const HEADERS_OF_PROBLEMS: Readonly<Record<number, readonly string[]>> = Object.freeze({
  401: ['WWW-Authenticate'],
  412: ['ETag'],
  429: ['Retry-After', 'RateLimit', 'RateLimit-Policy'],
  503: ['Retry-After'],
});

export function responsesOf(operation: Operation, credential: Credential, schemas: Schemas): Readonly<Record<string, Response>> {
  const refusals = Object.entries(refusalsOf(operation, credential));
  return Object.fromEntries([
    ...operation.answers.map((answer) => [answer.status, answered(answer, schemas)]),
    ...(operation.method === 'get' && operation.answers[0].headers?.includes('ETag') ? [['304', unchanged()]] : []),
    ...refusals.map(([status, description]) => [status, refused(Number(status), description, schemas)]),
  ]);
}

/** What follows from what an operation takes; an object with such keys is in the order of its numbers. */
function refusalsOf(operation: Operation, credential: Credential): Readonly<Record<number, string>> {
  const { method, path, pathParameters, query, ifMatch, idempotencyKey, limited, anonymous, refusals } = operation;
  const sends = method !== 'get';
  return {
    ...((sends || pathParameters || query) && { 400: 'Something in it is not valid; `errors` points at each mistake.' }),
    ...(credential.required && !anonymous && { 401: 'The bearer token is missing, or no longer good.' }),
    ...(pathParameters && { 404: 'There is no such thing, or it is not yours.' }),
    ...(idempotencyKey && { 409: 'The same request is still being worked on.', 422: 'The key belongs to another request.' }),
    ...(ifMatch && { 412: 'It was changed since: the `ETag` is another one.' }),
    ...(sends && { 413: 'The body is too large.', 415: 'The body is no JSON in UTF-8.' }),
    ...(ifMatch === 'required' && { 428: '`If-Match` is missing.' }),
    ...(limited && { 429: 'Too many tries.' }),
    // The API proper needs the database for everything.
    ...(path.startsWith('/v1/') && { 503: 'Too busy at the moment.' }),
    ...refusals,
  };
}

function answered({ description, content, headers = [] }: Answer, schemas: Schemas): Response {
  const { schema, example, mediaType = 'application/json' } = content ?? {};
  return {
    description,
    headers: refer(headers),
    ...(schema && { content: { [mediaType]: { schema: schemas.translate(schema, 'output'), example } } }),
  };
}

const unchanged = (): Response => ({ description: 'It is still the version of `If-None-Match`.', headers: refer(['ETag']) });

function refused(status: number, description: string, schemas: Schemas): Response {
  return {
    description,
    headers: refer(HEADERS_OF_PROBLEMS[status] ?? []),
    content: { 'application/problem+json': { schema: schemas.translate(Problem, 'output') } },
  };
}

const refer = (names: readonly string[]): Response['headers'] =>
  Object.fromEntries(['X-Request-Id', ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]));
