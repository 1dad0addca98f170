import { assertMatches } from '../../http/etag.ts';
import { once } from '../../http/idempotency.ts';
import { Problem } from '../../http/problem.ts';
import type { NewTask, RepositoryTransaction, Store, Task, TaskPatch, TaskRepository } from '../../ports/repositories.ts';
import { assertEditor, found } from '../projects/access.ts';
import { recordEvent } from './history.ts';

/** Null accepts any version. */
type IfMatch = readonly number[] | null;

export async function getTask({ tasks }: Store, userId: string, id: string): Promise<Task> {
  return found(await tasks.find(userId, id), 'task');
}

/** With a key, the same request makes one task however often it is sent. */
export function createTask(store: Store, userId: string, input: NewTask, key?: string): Promise<Task> {
  return store.transaction((transaction) => {
    const work = () => insertTask(transaction, userId, input);
    return key === undefined ? work() : once(transaction.sql, { userId, key, request: input }, work);
  });
}

async function insertTask({ projects, tasks }: RepositoryTransaction, userId: string, input: NewTask): Promise<Task> {
  const project = found(await projects.find(userId, input.projectId), 'project');
  assertEditor(project.role);
  if (project.archivedAt) throw new Problem(409, 'project.archived', 'The project is archived.');
  const task = await tasks.insert(userId, input);
  await recordEvent(tasks, 'created', userId, task);
  return task;
}

export function changeTask(store: Store, userId: string, id: string, patch: TaskPatch, ifMatch: IfMatch): Promise<Task> {
  return store.transaction(async ({ tasks }) => {
    const before = await lockLiving(tasks, userId, id, ifMatch);
    const after = await tasks.update(id, patch);
    await recordEvent(tasks, 'updated', userId, after, before);
    return after;
  });
}

export function deleteTask(store: Store, userId: string, id: string, ifMatch: IfMatch): Promise<void> {
  return store.transaction(async ({ tasks }) => {
    const before = await lockLiving(tasks, userId, id, ifMatch);
    const after = await tasks.setDeleted(id, true);
    await recordEvent(tasks, 'deleted', userId, after, before);
  });
}

export function restoreTask(store: Store, userId: string, id: string): Promise<Task> {
  return store.transaction(async ({ tasks }) => {
    const { task: before, role, deleted } = found(await tasks.lock(userId, id), 'task');
    assertEditor(role);
    if (!deleted) throw new Problem(409, 'task.not_deleted', 'The task is not deleted.');
    const after = await tasks.setDeleted(id, false);
    await recordEvent(tasks, 'restored', userId, after, before);
    return after;
  });
}

async function lockLiving(tasks: TaskRepository, userId: string, id: string, ifMatch: IfMatch): Promise<Task> {
  const locked = await tasks.lock(userId, id);
  const { task, role } = found(locked?.deleted ? undefined : locked, 'task');
  assertEditor(role);
  assertMatches(ifMatch, task.version);
  return task;
}
