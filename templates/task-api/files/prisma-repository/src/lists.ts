import type { Position } from '../../src/http/cursor.ts';
import type { Listed, SortField, Task, TaskFilter, TaskListing } from '../../src/ports/repositories.ts';
import type { Prisma } from '../generated/client.ts';
import type { Queries } from './client.ts';
import { searchTasks } from './search.ts';
import { TASK, visibleTo } from './visible.ts';

type Direction = 'asc' | 'desc';
/** What models can sort by: a column as it is. */
type Column = Exclude<SortField, 'title'>;

/** The key of a task without a date, which is due after all others. */
const NEVER = 'infinity';

export function listTasks(db: Queries, listing: TaskListing): Promise<readonly Listed<Task>[]> {
  const direction = listing.sort.startsWith('-') ? 'desc' : 'asc';
  const field = listing.sort.replace(/^-/, '') as SortField;
  const inModels = field !== 'title' && listing.filter.q === undefined;
  return inModels ? listByModel(db, listing, field, direction) : searchTasks(db, listing, field, direction);
}

async function listByModel(db: Queries, { userId, filter, after, limit }: TaskListing, column: Column, direction: Direction): Promise<readonly Listed<Task>[]> {
  const tasks = await db.task.findMany({
    where: { deletedAt: null, ...visibleTo(userId), ...matching(filter, userId), OR: after && beyond(column, direction, after) },
    select: TASK,
    orderBy: [orderBy(column, direction), { id: direction }],
    take: limit + 1,
  });
  return tasks.map((task) => Object.assign(task, { sortKey: keyOf(task[column]) }));
}

function matching({ projectId, status, assignee, dueAfter, dueBefore }: TaskFilter, userId: string): Prisma.TaskWhereInput {
  const people: Readonly<Record<string, string | null>> = { me: userId, none: null };
  return {
    projectId,
    status: status === undefined ? undefined : { in: [status].flat() },
    assigneeId: assignee === undefined || !Object.hasOwn(people, assignee) ? assignee : people[assignee],
    dueAt: dueAfter === undefined && dueBefore === undefined ? undefined : { gte: dueAfter, lt: dueBefore },
  };
}

const orderBy = (column: Column, direction: Direction): Prisma.TaskOrderByWithRelationInput =>
  column === 'dueAt' ? { dueAt: { sort: direction, nulls: direction === 'asc' ? 'last' : 'first' } } : { [column]: direction };

/** What comes after a position: greater values, and among equal ones greater ids; downwards, lesser. */
function beyond(column: Column, direction: Direction, { key, id }: Position): Prisma.TaskWhereInput[] {
  const further = direction === 'asc' ? 'gt' : 'lt';
  const value = valueOf(column, key);
  const tied = { [column]: value, id: { [further]: id } };
  if (value === null) return direction === 'asc' ? [tied] : [tied, { [column]: { not: null } }];
  const without = column === 'dueAt' && direction === 'asc' ? [{ dueAt: null }] : [];
  return [tied, { [column]: { [further]: value } }, ...without];
}

function valueOf(column: Column, key: string): Date | number | null {
  if (column === 'priority') return Number(key);
  return column === 'dueAt' && key === NEVER ? null : new Date(key);
}

const keyOf = (value: Date | number | null): string => (value instanceof Date ? value.toISOString() : String(value ?? NEVER));
