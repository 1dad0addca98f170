import { Router, type Response } from 'express';
import { methodNotAllowed } from '../../http/errors.ts';
import { requireIfMatch, setETag } from '../../http/etag.ts';
import { identityOf } from '../../ports/identity.ts';
import type { Validation } from '../../ports/validation.ts';
import type { Account } from './account.ts';
import { LIMITS, spend } from './limits.ts';
import { Closing, ProfilePatch } from './schema.ts';
import * as service from './service.ts';

interface Parts {
  readonly tools: service.Tools;
  readonly validation: Validation;
}

/** `/v1/users`: the person's own account. */
export function profileRoutes({ tools, validation }: Parts): Router {
  const router = Router();
  router
    .route('/me')
    .get(async (request, response) => {
      send(response, await service.getProfile(tools, identityOf(request).userId));
    })
    .patch(async (request, response) => {
      const patch = validation.parse(ProfilePatch, request.body, 'body');
      send(response, await service.changeProfile(tools, identityOf(request).userId, patch, requireIfMatch(request)));
    })
    .delete(async (request, response) => {
      const { userId } = identityOf(request);
      // A stolen access token alone must not be enough to destroy an account.
      const { password } = validation.parse(Closing, request.body, 'body');
      await spend(tools.db, response, LIMITS.passwordByAccount, userId);
      await service.closeAccount(tools, userId, password);
      response.status(204).end();
    })
    .all(methodNotAllowed('GET', 'PATCH', 'DELETE'));
  return router;
}

function send(response: Response, account: Account): void {
  setETag(response, account.version);
  response.json(account);
}
