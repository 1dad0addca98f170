import { createHash, timingSafeEqual } from 'node:crypto';
import { Router, type RequestHandler } from 'express';
import { ConfigError, type Config } from '../../config.ts';
import { notBuilt } from '../../http/errors.ts';
import { Problem } from '../../http/problem.ts';
import type { Context } from '../../ports/context.ts';
import type { Database } from '../../ports/database.ts';
import { identify, type Auth } from '../../ports/identity.ts';
import type { ApiPart, Credential } from '../../ports/openapi.ts';

export const api: readonly ApiPart[] = [];

export const credentialFor = ({ production }: Config): Credential => ({
  description: 'The value of `DEMO_TOKEN`. In development everyone is the one development user, and nothing is asked.',
  required: production,
});

const DEVELOPER = Object.freeze({ id: '00000000-0000-4000-8000-000000000001', email: 'developer@localhost' });

/** Everyone is the one development user. In production that takes the demo token. */
export function createAuth({ config, db }: Context): Auth {
  if (config.production && !config.demoToken) {
    throw new ConfigError('DEMO_TOKEN: must be set in production as long as auth is not built');
  }
  const guard = config.production ? requireToken(config.demoToken ?? '') : pass;
  const sessions = Router().use(guard, notBuilt('auth'));
  return Object.freeze({ sessions, users: Router().use(notBuilt('auth')), authenticate: Router().use(guard, beDeveloper(db)) });
}

const pass: RequestHandler = (_request, _response, next) => next();

function requireToken(token: string): RequestHandler {
  const expected = digest(`Bearer ${token}`);
  return (request, _response, next) => {
    // Digests have one length, so the comparison tells nothing about the token.
    if (timingSafeEqual(digest(request.get('authorization') ?? ''), expected)) return next();
    throw new Problem(401, 'auth.required', 'Send the demo token as a bearer token.', {
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  };
}

function beDeveloper(db: Database): RequestHandler {
  let known = false;
  return async (request, _response, next) => {
    // `!` is no hash of any password, so nobody can ever log in as this user.
    known ||= await db
      .query("insert into users (id, email, name, password_hash) values ($1, $2, 'Developer', '!') on conflict do nothing", [DEVELOPER.id, DEVELOPER.email])
      .then(() => true);
    identify(request, { userId: DEVELOPER.id });
    next();
  };
}

const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
