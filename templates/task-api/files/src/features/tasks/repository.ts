import type { Queryable } from '../../ports/database.ts';
import type { Listed, LockedTask, NewTask, Role, Task, TaskListing, TaskPatch, TaskRepository } from '../../ports/repositories.ts';
import { insertEvent, listEvents } from './history.ts';
import { orderOf } from './sorting.ts';

/** The port, over SQL. */
export const tasksIn = (db: Queryable): TaskRepository =>
  Object.freeze({
    insert: (userId, task) => insertTask(db, userId, task),
    find: (userId, id) => findTask(db, userId, id),
    isVisible: (userId, id) => isVisible(db, userId, id),
    lock: (userId, id) => lockTask(db, userId, id),
    list: (listing) => listTasks(db, listing),
    update: (id, patch) => updateTask(db, id, patch),
    setDeleted: (id, deleted) => setDeleted(db, id, deleted),
    unassignAll: (from) => unassignAll(db, from),
    record: (event) => insertEvent(db, event),
    listEvents: (taskId, limit, after) => listEvents(db, taskId, limit, after),
  } satisfies TaskRepository);

const COLUMNS = `t.id, t.project_id as "projectId", t.creator_id as "creatorId", t.assignee_id as "assigneeId",
  t.title, t.description, t.status, t.priority, t.due_at as "dueAt", t.completed_at as "completedAt",
  t.version, t.created_at as "createdAt", t.updated_at as "updatedAt"`;

// Every query starts from the membership of whoever asks: what is not theirs does not exist.
const VISIBLE = 'tasks t join project_members m on m.project_id = t.project_id and m.user_id = $1';

async function findTask(db: Queryable, userId: string, id: string): Promise<Task | undefined> {
  const [row] = await db.query<Task>(`select ${COLUMNS} from ${VISIBLE} where t.id = $2 and t.deleted_at is null`, [userId, id]);
  return row;
}

async function isVisible(db: Queryable, userId: string, id: string): Promise<boolean> {
  return (await db.query(`select 1 from ${VISIBLE} where t.id = $2`, [userId, id])).length > 0;
}

async function lockTask(db: Queryable, userId: string, id: string): Promise<LockedTask | undefined> {
  const [row] = await db.query<Task & { role: Role; deleted: boolean }>(
    `select ${COLUMNS}, m.role, t.deleted_at is not null as deleted from ${VISIBLE} where t.id = $2 for update of t`,
    [userId, id],
  );
  if (!row) return undefined;
  const { role, deleted, ...task } = row;
  return { task, role, deleted };
}

async function insertTask(db: Queryable, userId: string, task: NewTask): Promise<Task> {
  return single(
    await db.query<Task>(
      `insert into tasks as t (project_id, creator_id, assignee_id, title, description, status, priority, due_at, completed_at)
       select x."projectId", $1::uuid, x."assigneeId", x.title, coalesce(x.description, ''), coalesce(x.status, 'todo'),
         coalesce(x.priority, 2), x."dueAt", case when x.status = 'done' then now() end
       from jsonb_to_record($2::jsonb) as x("projectId" uuid, "assigneeId" uuid, title text, description text,
         status text, priority smallint, "dueAt" timestamptz)
       returning ${COLUMNS}`,
      [userId, JSON.stringify(task)],
    ),
  );
}

async function updateTask(db: Queryable, id: string, patch: TaskPatch): Promise<Task> {
  return single(
    await db.query<Task>(
      `update tasks t set
         title = case when p.patch ? 'title' then p.patch ->> 'title' else t.title end,
         description = case when p.patch ? 'description' then p.patch ->> 'description' else t.description end,
         status = p.status,
         priority = case when p.patch ? 'priority' then (p.patch ->> 'priority')::smallint else t.priority end,
         assignee_id = case when p.patch ? 'assigneeId' then (p.patch ->> 'assigneeId')::uuid else t.assignee_id end,
         due_at = case when p.patch ? 'dueAt' then (p.patch ->> 'dueAt')::timestamptz else t.due_at end,
         completed_at = case when p.status = 'done' then coalesce(t.completed_at, now()) end,
         version = t.version + 1, updated_at = now()
       from (select $2::jsonb as patch, case when $2::jsonb ? 'status' then $2::jsonb ->> 'status' else s.status end as status
             from tasks s where s.id = $1) p
       where t.id = $1 returning ${COLUMNS}`,
      [id, JSON.stringify(patch)],
    ),
  );
}

async function setDeleted(db: Queryable, id: string, deleted: boolean): Promise<Task> {
  return single(
    await db.query<Task>(
      `update tasks t set deleted_at = case when $2::boolean then now() end, version = t.version + 1, updated_at = now()
       where t.id = $1 returning ${COLUMNS}`,
      [id, deleted],
    ),
  );
}

function listTasks(db: Queryable, { userId, filter, sort, after, limit }: TaskListing): Promise<readonly Listed<Task>[]> {
  const { expression, type, direction, beyond } = orderOf(sort);
  return db.query(
    `select ${COLUMNS}, (${expression})::text as "sortKey" from ${VISIBLE}
     where t.deleted_at is null
       and ($2::uuid is null or t.project_id = $2)
       and ($3::text[] is null or t.status = any ($3))
       and ($4::text is null or case $4 when 'none' then t.assignee_id is null
                                        when 'me' then t.assignee_id = $1 else t.assignee_id = $4::uuid end)
       and ($5::timestamptz is null or t.due_at >= $5)
       and ($6::timestamptz is null or t.due_at < $6)
       and ($7::text is null or t.search @@ websearch_to_tsquery('simple', $7))
       and ($9::uuid is null or (${expression}, t.id) ${beyond} ($8::${type}, $9))
     order by ${expression} ${direction}, t.id ${direction}
     limit $10`,
    [
      userId,
      filter.projectId ?? null,
      filter.status === undefined ? null : [filter.status].flat(),
      filter.assignee ?? null,
      filter.dueAfter ?? null,
      filter.dueBefore ?? null,
      filter.q ?? null,
      after?.key ?? null,
      after?.id ?? null,
      limit + 1,
    ],
  );
}

async function unassignAll(db: Queryable, { projectId, assigneeId, actorId }: Record<'projectId' | 'assigneeId' | 'actorId', string>): Promise<void> {
  await db.query(
    `with changed as (
       update tasks set assignee_id = null, version = version + 1, updated_at = now()
       where project_id = $1 and assignee_id = $2 returning id, version)
     insert into task_events (task_id, version, actor_id, kind, changes)
     select id, version, $3::uuid, 'updated', jsonb_build_object('assigneeId', jsonb_build_object('from', $2::uuid, 'to', null)) from changed`,
    [projectId, assigneeId, actorId],
  );
}

function single<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (!row) throw new Error('a statement that must return a row returned none');
  return row;
}
