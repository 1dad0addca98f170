import type { Listed, SortField, Task, TaskListing } from '../../src/ports/repositories.ts';
import { Prisma } from '../generated/client.ts';
import type { Queries } from './client.ts';

const COLUMNS = Prisma.sql`t.id, t.project_id as "projectId", t.creator_id as "creatorId", t.assignee_id as "assigneeId",
  t.title, t.description, t.status, t.priority, t.due_at as "dueAt", t.completed_at as "completedAt",
  t.version, t.created_at as "createdAt", t.updated_at as "updatedAt"`;

const EXPRESSIONS: Readonly<Record<SortField, readonly [expression: Prisma.Sql, type: Prisma.Sql]>> = Object.freeze({
  createdAt: [Prisma.sql`t.created_at`, Prisma.sql`timestamptz`],
  updatedAt: [Prisma.sql`t.updated_at`, Prisma.sql`timestamptz`],
  dueAt: [Prisma.sql`coalesce(t.due_at, 'infinity')`, Prisma.sql`timestamptz`],
  priority: [Prisma.sql`t.priority`, Prisma.sql`smallint`],
  title: [Prisma.sql`lower(t.title) collate "C"`, Prisma.sql`text`],
});

/**
 * The lists that models have no words for: searched for by the generated column `search`, or
 * sorted by what a title is in small letters.
 */
export function searchTasks(db: Queries, { userId, filter, after, limit }: TaskListing, field: SortField, direction: 'asc' | 'desc'): Promise<Listed<Task>[]> {
  const [expression, type] = EXPRESSIONS[field];
  const [onwards, beyond] = direction === 'asc' ? [Prisma.sql`asc`, Prisma.sql`>`] : [Prisma.sql`desc`, Prisma.sql`<`];
  const conditions = [Prisma.sql`t.deleted_at is null`, ...matching(filter, userId)];
  if (after) conditions.push(Prisma.sql`(${expression}, t.id) ${beyond} (${after.key}::${type}, ${after.id}::uuid)`);
  return db.$queryRaw<Listed<Task>[]>`
    select ${COLUMNS}, (${expression})::text as "sortKey"
    from tasks t join project_members m on m.project_id = t.project_id and m.user_id = ${userId}::uuid
    where ${Prisma.join(conditions, ' and ')}
    order by ${expression} ${onwards}, t.id ${onwards}
    limit ${limit + 1}`;
}

function matching({ projectId, status, assignee, dueAfter, dueBefore, q }: TaskListing['filter'], userId: string): Prisma.Sql[] {
  const conditions: Prisma.Sql[] = [];
  if (projectId !== undefined) conditions.push(Prisma.sql`t.project_id = ${projectId}::uuid`);
  if (status !== undefined) conditions.push(Prisma.sql`t.status = any (${[status].flat()})`);
  if (assignee === 'none') conditions.push(Prisma.sql`t.assignee_id is null`);
  else if (assignee !== undefined) conditions.push(Prisma.sql`t.assignee_id = ${assignee === 'me' ? userId : assignee}::uuid`);
  if (dueAfter !== undefined) conditions.push(Prisma.sql`t.due_at >= ${dueAfter}::timestamptz`);
  if (dueBefore !== undefined) conditions.push(Prisma.sql`t.due_at < ${dueBefore}::timestamptz`);
  if (q !== undefined) conditions.push(Prisma.sql`t.search @@ websearch_to_tsquery('simple', ${q})`);
  return conditions;
}
