import { Global, Module } from '@nestjs/common';
import { Config, ConfigError } from '../../config.ts';
import type { Logger } from '../../logger.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { Database } from '../../ports/database.ts';
import { Authenticator } from '../../ports/identity.ts';
import { createAccessTokens, type AccessTokens } from './access-token.ts';
import { EntranceController } from './entrance.controller.ts';
import { createPasswords } from './passwords.ts';
import { ProfileController } from './profile.controller.ts';
import { RolesController } from './roles.controller.ts';
import type { Tools } from './service.ts';
import { SessionAuthenticator } from './session.authenticator.ts';
import { SessionsController } from './sessions.controller.ts';
import { ACCESS_TOKENS, TOOLS } from './tokens.ts';

const toolsOn = (db: Database, log: Logger): Tools => Object.freeze({ db, log, passwords: createPasswords() });

export function accessTokensFor({ production, jwtSecret }: Pick<Config, 'production' | 'jwtSecret'>): AccessTokens {
  if (production && !jwtSecret) throw new ConfigError('JWT_SECRET: must be set in production');
  return createAccessTokens(jwtSecret);
}

@Global()
@Module({
  controllers: [EntranceController, SessionsController, ProfileController, RolesController],
  providers: [
    { provide: TOOLS, useFactory: toolsOn, inject: [Database, LOGGER] },
    { provide: ACCESS_TOKENS, useFactory: accessTokensFor, inject: [Config] },
    { provide: Authenticator, useClass: SessionAuthenticator },
  ],
  exports: [Authenticator],
})
export class AuthModule {}
