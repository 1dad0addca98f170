import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Config } from '../../config.ts';
import { invalid } from '../../http/problem.ts';
import { Authenticator, type Identity } from '../../ports/identity.ts';
import type { Credential } from '../../ports/openapi.ts';
import { ROLES, type Role } from '../../ports/roles.ts';
import { demoTokenCheck } from './demo-token.ts';
import { Developers } from './developers.ts';

const HEADER = 'x-development-role';

/** Everyone is the development user of the role that they name. In production that takes the demo token. */
@Injectable()
export class DevelopmentAuthenticator extends Authenticator {
  readonly #check: (request: Request) => void;

  constructor(
    private readonly config: Config,
    private readonly developers: Developers,
  ) {
    super();
    this.#check = demoTokenCheck(config);
  }

  override async authenticate(request: Request): Promise<Identity> {
    this.#check(request);
    return this.developers.identity(roleOf(request));
  }

  override credential(): Credential {
    return {
      description: `The value of \`DEMO_TOKEN\`. In development nothing is asked. The header \`X-Development-Role\` names the one who calls: ${ROLES.join(', ')}.`,
      required: this.config.production,
    };
  }
}

function roleOf(request: Request): Role {
  const named = request.get(HEADER) ?? ROLES[0];
  const role = ROLES.find((known) => known === named);
  if (!role) throw invalid(`/headers/${HEADER}`, `must be one of ${ROLES.join(', ')}`);
  return role;
}
