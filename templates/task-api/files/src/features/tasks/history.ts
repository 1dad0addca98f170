import type { Position } from '../../http/cursor.ts';
import type { Queryable } from '../../ports/database.ts';
import type { EventKind, Listed, NewTaskEvent, Task, TaskEvent, TaskRepository } from '../../ports/repositories.ts';

const TRACKED = ['title', 'description', 'status', 'priority', 'assigneeId', 'dueAt'] as const;

/** Writes the line that belongs to the version `after`. Call it in the transaction that made it. */
export function recordEvent(tasks: TaskRepository, kind: EventKind, actorId: string, after: Task, before?: Task): Promise<void> {
  return tasks.record({ taskId: after.id, version: after.version, actorId, kind, changes: changesBetween(before, after) });
}

export function changesBetween(before: Task | undefined, after: Task): TaskEvent['changes'] {
  const entries = TRACKED.map((field) => [field, { from: before?.[field] ?? null, to: after[field] }] as const);
  // As JSON, because two Dates of the same moment are never equal.
  return Object.fromEntries(entries.filter(([, { from, to }]) => JSON.stringify(from) !== JSON.stringify(to)));
}

export async function insertEvent(db: Queryable, { taskId, version, actorId, kind, changes }: NewTaskEvent): Promise<void> {
  await db.query('insert into task_events (task_id, version, actor_id, kind, changes) values ($1, $2, $3, $4, $5)', [
    taskId,
    version,
    actorId,
    kind,
    JSON.stringify(changes),
  ]);
}

/** The version is what they are sorted by; the id only completes the cursor. */
export function listEvents(db: Queryable, taskId: string, limit: number, after: Position | undefined): Promise<readonly Listed<TaskEvent>[]> {
  return db.query(
    `select $1::uuid as id, version::text as "sortKey", version, kind, actor_id as "actorId", changes, at
     from task_events where task_id = $1 and ($2::int is null or version < $2)
     order by version desc limit $3`,
    [taskId, after?.key ?? null, limit + 1],
  );
}
