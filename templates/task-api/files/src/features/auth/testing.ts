import { randomInt, randomUUID } from 'node:crypto';
import express from 'express';
import { reportErrors } from '../../http/errors.ts';
import type { Context } from '../../ports/context.ts';
import { serve } from '../../testing/service.ts';
import { createAuth } from './index.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, string>;
}

export interface Sent {
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly ip?: string;
  readonly ifMatch?: string;
}

export type Call = (method: string, path: string, sent?: Sent) => Promise<Reply>;

/** Each test comes from an address of its own, so that none uses up another's tries. */
export const someAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

export const someEmail = (): string => `${randomUUID()}@example.test`;

export const somePassword = (): string => `Teapot ${randomUUID()}`;

/** Serves the feature as the application mounts it, behind one proxy, and returns how to call it. */
export async function serveAuth(context: Context): Promise<Call> {
  const { sessions, users, authenticate } = createAuth(context);
  const app = express().set('trust proxy', 1);
  app.use('/v1/auth', context.validation.readBody, sessions);
  app.use('/v1', authenticate, context.validation.readBody);
  app.use('/v1/users', users);
  const url = await serve(app.use(reportErrors(context.log)));
  return async (method, path, { body, token, ip = someAddress(), ifMatch } = {}) => {
    const response = await fetch(`${url}/v1${path}`, {
      method,
      headers: {
        'Content-Type': 'application/json',
        'X-Forwarded-For': ip,
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: JSON.parse(text || '{}') as Record<string, string> };
  };
}
