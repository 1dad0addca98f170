import type { RequestHandler } from 'express';
import { ConfigError } from '../../config.ts';
import type { Context } from '../../ports/context.ts';
import { identify, type Auth } from '../../ports/identity.ts';
import { createAccessTokens } from './access-token.ts';
import { identification } from './identification.ts';
import { createPasswords } from './passwords.ts';
import { profileRoutes } from './profile-routes.ts';
import { sessionRoutes } from './routes.ts';

export { api, credentialFor } from './operations.ts';

export function createAuth({ config, db, log, validation }: Context): Auth {
  if (config.production && !config.jwtSecret) {
    throw new ConfigError('JWT_SECRET: must be set in production');
  }
  const tools = Object.freeze({ db, log, passwords: createPasswords() });
  const tokens = createAccessTokens(config.jwtSecret);
  const identityOf = identification(db, tokens);
  const authenticate: RequestHandler = async (request, _response, next) => {
    identify(request, await identityOf(request));
    next();
  };
  return Object.freeze({
    sessions: sessionRoutes({ tools, tokens, validation, authenticate }),
    users: profileRoutes({ tools, validation }),
    authenticate,
  });
}
