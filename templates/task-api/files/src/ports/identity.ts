import type { Request, RequestHandler, Router } from 'express';

/** Who makes a request. */
export interface Identity {
  readonly userId: string;
}

export interface Auth {
  /** `/v1/auth`, reached before anyone is identified. */
  readonly sessions: Router;
  /** `/v1/users`, reached by identified people only. */
  readonly users: Router;
  /** Calls `identify`, or throws a Problem with status 401. */
  readonly authenticate: RequestHandler;
}

const identities = new WeakMap<Request, Identity>();

export function identify(request: Request, identity: Identity): void {
  identities.set(request, Object.freeze({ ...identity }));
}

/** Returns who makes the request; throws where no `authenticate` ran before. */
export function identityOf(request: Request): Identity {
  const identity = identities.get(request);
  if (!identity) throw new Error('a route that needs an identity is mounted before authentication');
  return identity;
}
