import { Router, type Request } from 'express';
import { decodeCursor } from '../../http/cursor.ts';
import { methodNotAllowed } from '../../http/errors.ts';
import { optionalIfMatch, requireIfMatch, setETag } from '../../http/etag.ts';
import { idempotencyKey } from '../../http/idempotency.ts';
import { pageLimit, toPage } from '../../http/page.ts';
import type { Context } from '../../ports/context.ts';
import { identityOf } from '../../ports/identity.ts';
import type { Store } from '../../ports/repositories.ts';
import type { Validation } from '../../ports/validation.ts';
import { found } from '../projects/access.ts';
import { storeOf } from '../projects/store.ts';
import { HistoryQuery, NewTask, TaskPatch, TaskPath, TaskQuery } from './schema.ts';
import * as service from './service.ts';
import { orderOf } from './sorting.ts';

const HISTORY_ORDER = '-version';

interface Tools {
  readonly store: Store;
  readonly validation: Validation;
}

export function taskRoutes(context: Context): Router {
  const router = Router();
  const tools = { store: storeOf(context), validation: context.validation };
  collection(router, tools);
  single(router, tools);
  past(router, tools);
  return router;
}

function collection(router: Router, { store, validation }: Tools): void {
  router
    .route('/')
    .get(async (request, response) => {
      const filter = validation.parse(TaskQuery, request.query, 'query');
      const { name: sort } = orderOf(filter.sort);
      const limit = pageLimit(filter.limit);
      const after = decodeCursor(filter.cursor, sort);
      const rows = await store.tasks.list({ userId: identityOf(request).userId, filter, sort, after, limit });
      response.json(toPage(rows, limit, sort));
    })
    .post(async (request, response) => {
      const input = validation.parse(NewTask, request.body, 'body');
      const task = await service.createTask(store, identityOf(request).userId, input, idempotencyKey(request));
      setETag(response, task.version);
      response.status(201).location(`${request.baseUrl}/${task.id}`).json(task);
    })
    .all(methodNotAllowed('GET', 'POST'));
}

function single(router: Router, { store, validation }: Tools): void {
  const idOf = (request: Request) => validation.parse(TaskPath, request.params, 'path').id;
  router
    .route('/:id')
    .get(async (request, response) => {
      const task = await service.getTask(store, identityOf(request).userId, idOf(request));
      setETag(response, task.version);
      response.json(task);
    })
    .patch(async (request, response) => {
      const id = idOf(request);
      const patch = validation.parse(TaskPatch, request.body, 'body');
      const task = await service.changeTask(store, identityOf(request).userId, id, patch, requireIfMatch(request));
      setETag(response, task.version);
      response.json(task);
    })
    .delete(async (request, response) => {
      await service.deleteTask(store, identityOf(request).userId, idOf(request), optionalIfMatch(request));
      response.status(204).end();
    })
    .all(methodNotAllowed('GET', 'PATCH', 'DELETE'));
}

function past(router: Router, { store, validation }: Tools): void {
  router
    .route('/:id/restore')
    .post(async (request, response) => {
      const { id } = validation.parse(TaskPath, request.params, 'path');
      const task = await service.restoreTask(store, identityOf(request).userId, id);
      setETag(response, task.version);
      response.json(task);
    })
    .all(methodNotAllowed('POST'));
  router
    .route('/:id/history')
    .get(async (request, response) => {
      const { id } = validation.parse(TaskPath, request.params, 'path');
      const query = validation.parse(HistoryQuery, request.query, 'query');
      const limit = pageLimit(query.limit);
      const after = decodeCursor(query.cursor, HISTORY_ORDER);
      // Of a deleted task, too: its history is how one finds out what became of it.
      found((await store.tasks.isVisible(identityOf(request).userId, id)) || undefined, 'task');
      const { data, page } = toPage(await store.tasks.listEvents(id, limit, after), limit, HISTORY_ORDER);
      response.json({ data: data.map(({ id: _, ...event }) => event), page });
    })
    .all(methodNotAllowed('GET'));
}
