import { Router, type RequestHandler } from 'express';
import { methodNotAllowed } from '../../http/errors.ts';
import { setETag } from '../../http/etag.ts';
import { Problem } from '../../http/problem.ts';
import type { Validation } from '../../ports/validation.ts';
import type { AccessTokens } from './access-token.ts';
import { clientOf, networkOf } from './client.ts';
import { currentSession } from './identification.ts';
import { forgive, LIMITS, spend } from './limits.ts';
import { Login, PasswordChange, Refresh, Registration, SessionPath } from './schema.ts';
import * as service from './service.ts';
import { listSessions } from './sessions.ts';
import { grantOf } from './views.ts';

export interface Parts {
  readonly tools: service.Tools;
  readonly tokens: AccessTokens;
  readonly validation: Validation;
  readonly authenticate: RequestHandler;
}

/** `/v1/auth`: nobody is identified yet, so routes that need a person authenticate by themselves. */
export function sessionRoutes(parts: Parts): Router {
  const router = Router();
  entrance(router, parts);
  exit(router, parts);
  changeOfPassword(router, parts);
  overview(router, parts);
  return router;
}

function entrance(router: Router, { tools, tokens, validation }: Parts): void {
  router
    .route('/register')
    .post(async (request, response) => {
      const input = validation.parse(Registration, request.body, 'body');
      await spend(tools.db, response, LIMITS.registerByNetwork, networkOf(request));
      const account = await service.register(tools, input);
      setETag(response, account.version);
      response.status(201).location('/v1/users/me').json(account);
    })
    .all(methodNotAllowed('POST'));
  router
    .route('/login')
    .post(async (request, response) => {
      const input = validation.parse(Login, request.body, 'body');
      // The network first: one that is refused must not use up other people's tries.
      await spend(tools.db, response, LIMITS.loginByNetwork, networkOf(request));
      await spend(tools.db, response, LIMITS.loginByAccount, String(input.email));
      const session = await service.login(tools, input, clientOf(request));
      await forgive(tools.db, LIMITS.loginByAccount, String(input.email));
      response.json(await grantOf(session, tokens));
    })
    .all(methodNotAllowed('POST'));
  router
    .route('/refresh')
    .post(async (request, response) => {
      const { refreshToken } = validation.parse(Refresh, request.body, 'body');
      response.json(await grantOf(await service.refresh(tools, refreshToken, clientOf(request)), tokens));
    })
    .all(methodNotAllowed('POST'));
}

function exit(router: Router, { tools, authenticate }: Parts): void {
  router
    .route('/logout')
    .post(authenticate, async (request, response) => {
      const { userId, sessionId } = currentSession(request);
      await service.logout(tools, userId, sessionId);
      response.status(204).end();
    })
    .all(methodNotAllowed('POST'));
  router
    .route('/logout-all')
    .post(authenticate, async (request, response) => {
      await service.logoutAll(tools, currentSession(request).userId);
      response.status(204).end();
    })
    .all(methodNotAllowed('POST'));
}

function changeOfPassword(router: Router, { tools, tokens, validation, authenticate }: Parts): void {
  router
    .route('/password')
    .post(authenticate, async (request, response) => {
      const { userId } = currentSession(request);
      const input = validation.parse(PasswordChange, request.body, 'body');
      await spend(tools.db, response, LIMITS.passwordByAccount, userId);
      const session = await service.changePassword(tools, userId, input, clientOf(request));
      await forgive(tools.db, LIMITS.passwordByAccount, userId);
      response.json(await grantOf(session, tokens));
    })
    .all(methodNotAllowed('POST'));
}

function overview(router: Router, { tools, validation, authenticate }: Parts): void {
  router
    .route('/sessions')
    .get(authenticate, async (request, response) => {
      response.json({ data: await listSessions(tools.db, currentSession(request)) });
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/sessions/:id')
    .delete(authenticate, async (request, response) => {
      const { id } = validation.parse(SessionPath, request.params, 'path');
      if (!(await service.logout(tools, currentSession(request).userId, id))) {
        throw new Problem(404, 'session.not_found', 'There is no such session.');
      }
      response.status(204).end();
    })
    .all(methodNotAllowed('DELETE'));
}
