import { z } from 'zod';
import type { ApiPart, Operation } from '../ports/openapi.ts';
import { named } from './schemas.ts';

const Live = named('Liveness', z.strictObject({ status: z.literal('live') }));

const Ready = named(
  'Readiness',
  z.strictObject({
    status: z.enum(['ready', 'not ready']),
    checks: z.strictObject({
      accepting: z.enum(['ok', 'draining']),
      database: z.enum(['ok', 'migrations pending', 'unreachable']),
    }),
  }),
);

const operations: readonly Operation[] = [
  {
    id: 'live',
    method: 'get',
    path: '/health/live',
    summary: 'Whether the process runs',
    anonymous: true,
    answers: [{ status: 200, description: 'It does.', content: { schema: Live, example: { status: 'live' } } }],
  },
  {
    id: 'ready',
    method: 'get',
    path: '/health/ready',
    summary: 'Whether requests that are sent here will be served',
    anonymous: true,
    answers: [
      { status: 200, description: 'They will.', content: { schema: Ready, example: { status: 'ready', checks: { accepting: 'ok', database: 'ok' } } } },
      { status: 503, description: 'They will not.', content: { schema: Ready, example: { status: 'not ready', checks: { accepting: 'draining', database: 'ok' } } } },
    ],
  },
  {
    id: 'describe',
    method: 'get',
    path: '/openapi.json',
    summary: 'This description, for programs',
    anonymous: true,
    answers: [{ status: 200, description: 'An OpenAPI document.', content: { schema: z.looseObject({ openapi: z.string() }) } }],
  },
  {
    id: 'document',
    method: 'get',
    path: '/docs',
    summary: 'This description, for people',
    anonymous: true,
    answers: [{ status: 200, description: 'A page.', content: { schema: z.string(), mediaType: 'text/html' } }],
  },
];

/** What the platform itself answers, in every variant. */
export const platform: ApiPart = Object.freeze({
  name: 'Service',
  description: 'For load balancers, and for whoever reads this.',
  operations,
});
