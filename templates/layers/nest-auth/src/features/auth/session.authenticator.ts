import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Database } from '../../ports/database.ts';
import { Authenticator, type Identity } from '../../ports/identity.ts';
import type { Credential } from '../../ports/openapi.ts';
import type { AccessTokens } from './access-token.ts';
import { identification } from './identification.ts';
import { ACCESS_TOKENS } from './tokens.ts';

/** Knows people by an access token of a session that is open, and their role by the database. */
@Injectable()
export class SessionAuthenticator extends Authenticator {
  readonly #identityOf: (request: Request) => Promise<Identity>;

  constructor(database: Database, @Inject(ACCESS_TOKENS) tokens: AccessTokens) {
    super();
    this.#identityOf = identification(database, tokens);
  }

  override authenticate(request: Request): Promise<Identity> {
    return this.#identityOf(request);
  }

  override credential(): Credential {
    return { description: 'The access token that `POST /v1/auth/login` answers with.', format: 'JWT', required: true };
  }
}
