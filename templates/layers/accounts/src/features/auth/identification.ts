import type { Request } from 'express';
import { Problem } from '../../http/problem.ts';
import type { Queryable } from '../../ports/database.ts';
import type { Identity } from '../../ports/identity.ts';
import type { AccessTokens, Claims } from './access-token.ts';
import { inBatches } from './batch.ts';
import { findLive } from './sessions.ts';

const claimsOf = new WeakMap<Request, Claims>();

/** Returns a function that tells who sends a request, by an access token of a session that has not ended. */
export function identification(db: Queryable, tokens: AccessTokens): (request: Request) => Promise<Identity> {
  const ownerOf = inBatches((sessions: readonly Claims[]) => findLive(db, sessions));
  return async (request) => {
    const claims = await tokens.verify(bearerOf(request));
    // Asked each time, so that a logout or a new password acts on the very next request.
    const identity = claims && (await ownerOf(claims));
    if (!identity) throw refusal('auth.invalid_token', 'The access token is not valid, or no longer.', 'Bearer error="invalid_token"');
    claimsOf.set(request, claims);
    return identity;
  };
}

/** Returns whose request this is, and in which session; throws where nobody was identified before. */
export function currentSession(request: Request): Claims {
  const claims = claimsOf.get(request);
  if (!claims) throw new Error('a route that needs a session is reached without identification');
  return claims;
}

function bearerOf(request: Request): string {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '') ?? [];
  if (!token) throw refusal('auth.required', 'Send an access token as a bearer token.', 'Bearer');
  return token;
}

const refusal = (code: string, detail: string, challenge: string): Problem =>
  new Problem(401, code, detail, { headers: { 'WWW-Authenticate': challenge } });
