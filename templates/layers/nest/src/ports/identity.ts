import type { Request } from 'express';
import type { Credential } from './openapi.ts';
import type { Role } from './roles.ts';

/** Who makes a request, and what they may do. */
export interface Identity {
  readonly userId: string;
  readonly role: Role;
}

/** Knows people by their requests. */
export abstract class Authenticator {
  /** Returns who makes the request, or throws a Problem with status 401. */
  abstract authenticate(request: Request): Promise<Identity>;

  /** How callers say who they are, for whoever reads the description of the API. */
  abstract credential(): Credential;
}

const identities = new WeakMap<Request, Identity>();

export function identify(request: Request, identity: Identity): void {
  identities.set(request, Object.freeze({ ...identity }));
}

/** Returns who makes the request; throws where the route is open to everyone. */
export function identityOf(request: Request): Identity {
  const identity = identities.get(request);
  if (!identity) throw new Error('a route that needs an identity is open to everyone');
  return identity;
}
