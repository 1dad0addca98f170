import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

const ACCEPTED = /^[\w-]{8,64}$/;
const current = new AsyncLocalStorage<string>();

export const currentRequestId = (): string | undefined => current.getStore();

/** Gives each request an id that its answer, its problems and its log lines carry. */
export const withRequestId: RequestHandler = (request, response, next) => {
  const offered = request.get('x-request-id');
  // Anything else could forge lines in whatever reads the log.
  const id = offered && ACCEPTED.test(offered) ? offered : randomUUID();
  response.set('X-Request-Id', id);
  current.run(id, next);
};
