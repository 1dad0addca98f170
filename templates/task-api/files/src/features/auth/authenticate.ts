import type { Request, RequestHandler } from 'express';
import { Problem } from '../../http/problem.ts';
import type { Queryable } from '../../ports/database.ts';
import { identify } from '../../ports/identity.ts';
import type { AccessTokens, Claims } from './access-token.ts';
import { inBatches } from './batch.ts';
import { findLive } from './sessions.ts';

const claimsOf = new WeakMap<Request, Claims>();

/** Identifies whoever sends an access token of a session that has not ended. */
export function authentication(db: Queryable, tokens: AccessTokens): RequestHandler {
  const isLive = inBatches((sessions: readonly Claims[]) => findLive(db, sessions));
  return async (request, _response, next) => {
    const claims = await tokens.verify(bearerOf(request));
    // Asked each time, so that a logout or a new password acts on the very next request.
    if (!claims || !(await isLive(claims))) {
      throw refusal('auth.invalid_token', 'The access token is not valid, or no longer.', 'Bearer error="invalid_token"');
    }
    claimsOf.set(request, claims);
    identify(request, { userId: claims.userId });
    next();
  };
}

/** Returns whose request this is, and in which session; throws where no `authentication` ran before. */
export function currentSession(request: Request): Claims {
  const claims = claimsOf.get(request);
  if (!claims) throw new Error('a route that needs a session is mounted before authentication');
  return claims;
}

function bearerOf(request: Request): string {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '') ?? [];
  if (!token) throw refusal('auth.required', 'Send an access token as a bearer token.', 'Bearer');
  return token;
}

const refusal = (code: string, detail: string, challenge: string): Problem =>
  new Problem(401, code, detail, { headers: { 'WWW-Authenticate': challenge } });
