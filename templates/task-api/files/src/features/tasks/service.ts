import { assertMatches } from '../../http/etag.ts';
import { once } from '../../http/idempotency.ts';
import { Problem } from '../../http/problem.ts';
import type { Database, Queryable } from '../../ports/database.ts';
import { assertEditor, found } from '../projects/access.ts';
import { findProject } from '../projects/repository.ts';
import { recordEvent } from './history.ts';
import * as repository from './repository.ts';
import type { Task } from './repository.ts';
import type { NewTask, TaskPatch } from './schema.ts';

/** Null accepts any version. */
type IfMatch = readonly number[] | null;

export async function getTask(db: Queryable, userId: string, id: string): Promise<Task> {
  return found(await repository.findTask(db, userId, id), 'task');
}

/** With a key, the same request makes one task however often it is sent. */
export function createTask(db: Database, userId: string, input: NewTask, key?: string): Promise<Task> {
  return db.transaction((transaction) => {
    const work = () => insertTask(transaction, userId, input);
    return key === undefined ? work() : once(transaction, { userId, key, request: input }, work);
  });
}

async function insertTask(db: Queryable, userId: string, input: NewTask): Promise<Task> {
  const project = found(await findProject(db, userId, input.projectId), 'project');
  assertEditor(project.role);
  if (project.archivedAt) throw new Problem(409, 'project.archived', 'The project is archived.');
  const task = await repository.insertTask(db, userId, input);
  await recordEvent(db, 'created', userId, task);
  return task;
}

export function changeTask(db: Database, userId: string, id: string, patch: TaskPatch, ifMatch: IfMatch): Promise<Task> {
  return db.transaction(async (transaction) => {
    const before = await lockLiving(transaction, userId, id, ifMatch);
    const after = await repository.updateTask(transaction, id, patch);
    await recordEvent(transaction, 'updated', userId, after, before);
    return after;
  });
}

export function deleteTask(db: Database, userId: string, id: string, ifMatch: IfMatch): Promise<void> {
  return db.transaction(async (transaction) => {
    const before = await lockLiving(transaction, userId, id, ifMatch);
    const after = await repository.setDeleted(transaction, id, true);
    await recordEvent(transaction, 'deleted', userId, after, before);
  });
}

export function restoreTask(db: Database, userId: string, id: string): Promise<Task> {
  return db.transaction(async (transaction) => {
    const { task: before, role, deleted } = found(await repository.lockTask(transaction, userId, id), 'task');
    assertEditor(role);
    if (!deleted) throw new Problem(409, 'task.not_deleted', 'The task is not deleted.');
    const after = await repository.setDeleted(transaction, id, false);
    await recordEvent(transaction, 'restored', userId, after, before);
    return after;
  });
}

async function lockLiving(db: Queryable, userId: string, id: string, ifMatch: IfMatch): Promise<Task> {
  const locked = await repository.lockTask(db, userId, id);
  const { task, role } = found(locked?.deleted ? undefined : locked, 'task');
  assertEditor(role);
  assertMatches(ifMatch, task.version);
  return task;
}
