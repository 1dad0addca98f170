import { ConfigError } from '../../config.ts';
import type { Context } from '../../ports/context.ts';
import type { Auth } from '../../ports/identity.ts';
import { createAccessTokens } from './access-token.ts';
import { authentication } from './authenticate.ts';
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
  const authenticate = authentication(db, tokens);
  return Object.freeze({
    sessions: sessionRoutes({ tools, tokens, validation, authenticate }),
    users: profileRoutes({ tools, validation }),
    authenticate,
  });
}
