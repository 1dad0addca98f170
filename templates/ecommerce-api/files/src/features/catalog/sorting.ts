import { invalid } from '../../http/problem.ts';
import { SORTS, type Sort } from './schema.ts';

export interface Order {
  readonly name: Sort;
  /** Never null, so that comparing rows with a cursor is exact. */
  readonly expression: string;
  readonly type: string;
  readonly direction: 'asc' | 'desc';
  readonly beyond: '>' | '<';
}

const DEFAULT: Sort = '-createdAt';

// The only texts that reach an `order by`. What a client sends is looked up here, never spliced in.
const COLUMNS: Readonly<Record<(typeof SORTS)[number], readonly [expression: string, type: string]>> = Object.freeze({
  createdAt: ['p.created_at', 'timestamptz'],
  title: ['lower(p.title) collate "C"', 'text'],
  price: ['coalesce(o.price_minor, 2147483647)', 'integer'],
});
// What has no price comes last, whichever way the prices go.
const LAST_DOWNWARDS: typeof COLUMNS.price = ['coalesce(o.price_minor, 0)', 'integer'];

export function orderOf(name: Sort = DEFAULT): Order {
  const descending = String(name).startsWith('-');
  const column = descending ? String(name).slice(1) : String(name);
  const known = SORTS.find((sort) => sort === column);
  if (!known) throw invalid('/query/sort', `must be one of ${SORTS.join(', ')}, or one of them with - before it`);
  const [expression, type] = descending && known === 'price' ? LAST_DOWNWARDS : COLUMNS[known];
  return { name, expression, type, direction: descending ? 'desc' : 'asc', beyond: descending ? '<' : '>' };
}
