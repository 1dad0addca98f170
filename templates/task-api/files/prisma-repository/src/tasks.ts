import type { Position } from '../../src/http/cursor.ts';
import type { Listed, LockedTask, NewTask, Role, Task, TaskEvent, TaskPatch, TaskRepository } from '../../src/ports/repositories.ts';
import type { Prisma } from '../generated/client.ts';
import type { Queries } from './client.ts';
import { listTasks } from './lists.ts';
import { TASK, visibleTo } from './visible.ts';

const NEXT = { version: { increment: 1 } };

export const tasksIn = (db: Queries): TaskRepository =>
  Object.freeze({
    insert: (userId, task) => insertTask(db, userId, task),
    find: async (userId, id) => (await db.task.findUnique({ where: { id, deletedAt: null, ...visibleTo(userId) }, select: TASK })) ?? undefined,
    isVisible: async (userId, id) => (await db.task.findUnique({ where: { id, ...visibleTo(userId) }, select: { id: true } })) !== null,
    lock: (userId, id) => lockTask(db, userId, id),
    list: (listing) => listTasks(db, listing),
    update: (id, patch) => updateTask(db, id, patch),
    setDeleted: (id, deleted) => {
      const now = new Date();
      return db.task.update({ where: { id }, data: { deletedAt: deleted ? now : null, updatedAt: now, ...NEXT }, select: TASK });
    },
    unassignAll: (from) => unassignAll(db, from),
    record: async ({ taskId, version, actorId, kind, changes }) => {
      await db.taskEvent.create({ data: { taskId, version, actorId, kind, changes: asJson(changes) }, select: { id: true } });
    },
    listEvents: (taskId, limit, after) => listEvents(db, taskId, limit, after),
  } satisfies TaskRepository);

async function lockTask(db: Queries, userId: string, id: string): Promise<LockedTask | undefined> {
  // No model locks a row.
  await db.$queryRaw`select 1 from tasks t join project_members m on m.project_id = t.project_id and m.user_id = ${userId}::uuid
    where t.id = ${id}::uuid for update of t`;
  const row = await db.task.findUnique({
    where: { id, ...visibleTo(userId) },
    select: { ...TASK, deletedAt: true, project: { select: { members: { where: { userId }, select: { role: true } } } } },
  });
  const [membership] = row?.project.members ?? [];
  if (!row || !membership) return undefined;
  const { deletedAt, project: _, ...task } = row;
  return { task, role: membership.role as Role, deleted: deletedAt !== null };
}

function insertTask(db: Queries, creatorId: string, { projectId, assigneeId, title, description, status, priority, dueAt }: NewTask): Promise<Task> {
  const completedAt = status === 'done' ? new Date() : null;
  const data = { projectId, creatorId, assigneeId, title, description, status, priority, dueAt, completedAt };
  return db.task.create({ data, select: TASK });
}

/** Call it with the task locked: whether it was done before decides about the moment of completion. */
async function updateTask(db: Queries, id: string, { title, description, status, priority, assigneeId, dueAt }: TaskPatch): Promise<Task> {
  const now = new Date();
  const before = await db.task.findUniqueOrThrow({ where: { id }, select: { status: true, completedAt: true } });
  const done = (status ?? before.status) === 'done';
  const completedAt = done ? (before.completedAt ?? now) : null;
  const data = { title, description, status, priority, assigneeId, dueAt, completedAt, updatedAt: now, ...NEXT };
  return db.task.update({ where: { id }, data, select: TASK });
}

async function unassignAll(db: Queries, { projectId, assigneeId, actorId }: Parameters<TaskRepository['unassignAll']>[0]): Promise<void> {
  const changed = await db.task.updateManyAndReturn({
    where: { projectId, assigneeId },
    data: { assigneeId: null, updatedAt: new Date(), ...NEXT },
    select: { id: true, version: true },
  });
  const changes = { assigneeId: { from: assigneeId, to: null } };
  await db.taskEvent.createMany({ data: changed.map(({ id, version }) => ({ taskId: id, version, actorId, kind: 'updated', changes })) });
}

async function listEvents(db: Queries, taskId: string, limit: number, after: Position | undefined): Promise<readonly Listed<TaskEvent>[]> {
  const events = await db.taskEvent.findMany({
    where: { taskId, version: after && { lt: Number(after.key) } },
    select: { version: true, kind: true, actorId: true, changes: true, at: true },
    orderBy: { version: 'desc' },
    take: limit + 1,
  });
  return events.map((event) => Object.assign(event as unknown as TaskEvent, { id: taskId, sortKey: String(event.version) }));
}

// The types of the port allow more than JSON; what is really in there came from it.
const asJson = (changes: TaskEvent['changes']): Prisma.InputJsonObject => JSON.parse(JSON.stringify(changes)) as Prisma.InputJsonObject;
