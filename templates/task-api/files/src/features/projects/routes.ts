import { Router, type Request } from 'express';
import { decodeCursor } from '../../http/cursor.ts';
import { methodNotAllowed } from '../../http/errors.ts';
import { optionalIfMatch, requireIfMatch, setETag } from '../../http/etag.ts';
import { pageLimit, toPage } from '../../http/page.ts';
import type { Context } from '../../ports/context.ts';
import { identityOf } from '../../ports/identity.ts';
import type { Store } from '../../ports/repositories.ts';
import type { Validation } from '../../ports/validation.ts';
import { Member, MemberPath, NewProject, ProjectPatch, ProjectPath, ProjectQuery } from './schema.ts';
import * as service from './service.ts';
import { storeOf } from './store.ts';

const ORDER = 'createdAt';

interface Tools {
  readonly store: Store;
  readonly validation: Validation;
}

export function projectRoutes(context: Context): Router {
  const router = Router();
  const tools = { store: storeOf(context), validation: context.validation };
  collection(router, tools);
  single(router, tools);
  members(router, tools);
  return router;
}

function collection(router: Router, { store, validation }: Tools): void {
  router
    .route('/')
    .get(async (request, response) => {
      const query = validation.parse(ProjectQuery, request.query, 'query');
      const limit = pageLimit(query.limit);
      const rows = await store.projects.list(identityOf(request).userId, limit, decodeCursor(query.cursor, ORDER));
      response.json(toPage(rows, limit, ORDER));
    })
    .post(async (request, response) => {
      const input = validation.parse(NewProject, request.body, 'body');
      const project = await service.createProject(store, identityOf(request).userId, input);
      setETag(response, project.version);
      response.status(201).location(`${request.baseUrl}/${project.id}`).json(project);
    })
    .all(methodNotAllowed('GET', 'POST'));
}

function single(router: Router, { store, validation }: Tools): void {
  const idOf = (request: Request) => validation.parse(ProjectPath, request.params, 'path').id;
  router
    .route('/:id')
    .get(async (request, response) => {
      const project = await service.getProject(store, identityOf(request).userId, idOf(request));
      setETag(response, project.version);
      response.json(project);
    })
    .patch(async (request, response) => {
      const id = idOf(request);
      const patch = validation.parse(ProjectPatch, request.body, 'body');
      const project = await service.changeProject(store, identityOf(request).userId, id, patch, requireIfMatch(request));
      setETag(response, project.version);
      response.json(project);
    })
    .delete(async (request, response) => {
      await service.removeProject(store, identityOf(request).userId, idOf(request), optionalIfMatch(request));
      response.status(204).end();
    })
    .all(methodNotAllowed('GET', 'PATCH', 'DELETE'));
}

function members(router: Router, { store, validation }: Tools): void {
  router
    .route('/:id/members')
    .get(async (request, response) => {
      const { id } = validation.parse(ProjectPath, request.params, 'path');
      response.json({ data: await service.getMembers(store, identityOf(request).userId, id) });
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/:id/members/:userId')
    .put(async (request, response) => {
      const path = validation.parse(MemberPath, request.params, 'path');
      const { role } = validation.parse(Member, request.body, 'body');
      await service.setMember(store, identityOf(request).userId, path.id, path.userId, role);
      response.status(204).end();
    })
    .delete(async (request, response) => {
      const path = validation.parse(MemberPath, request.params, 'path');
      await service.removeMember(store, identityOf(request).userId, path.id, path.userId);
      response.status(204).end();
    })
    .all(methodNotAllowed('PUT', 'DELETE'));
}
