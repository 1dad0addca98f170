import { invalid } from '../../http/problem.ts';
import type { Sort, SortField } from '../../ports/repositories.ts';
import { SORTS } from './schema.ts';

export interface Order {
  readonly name: Sort;
  /** Never null, so that comparing rows with a cursor is exact. */
  readonly expression: string;
  readonly type: string;
  readonly direction: 'asc' | 'desc';
  readonly beyond: '>' | '<';
}

// The only texts that reach an `order by`. What a client sends is looked up here, never spliced in.
const COLUMNS: Readonly<Record<SortField, readonly [expression: string, type: string]>> = Object.freeze({
  createdAt: ['t.created_at', 'timestamptz'],
  updatedAt: ['t.updated_at', 'timestamptz'],
  dueAt: ["coalesce(t.due_at, 'infinity')", 'timestamptz'],
  priority: ['t.priority', 'smallint'],
  title: ['lower(t.title) collate "C"', 'text'],
});

export function orderOf(name: Sort = 'createdAt'): Order {
  const descending = String(name).startsWith('-');
  const column = descending ? String(name).slice(1) : String(name);
  const known = SORTS.find((sort) => sort === column);
  if (!known) throw invalid('/query/sort', `must be one of ${SORTS.join(', ')}, or one of them with - before it`);
  const [expression, type] = COLUMNS[known];
  return { name, expression, type, direction: descending ? 'desc' : 'asc', beyond: descending ? '<' : '>' };
}
