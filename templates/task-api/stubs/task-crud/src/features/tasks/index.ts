import { Router } from 'express';
import { notBuilt } from '../../http/errors.ts';
import type { Context } from '../../ports/context.ts';
import type { ApiPart } from '../../ports/openapi.ts';

export const api: readonly ApiPart[] = [];

export function createTasks(_context: Context): Router {
  return Router().use(notBuilt('task-crud'));
}
