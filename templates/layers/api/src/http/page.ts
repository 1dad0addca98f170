import { encodeCursor } from './cursor.ts';
import { invalid } from './problem.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly page: { readonly nextCursor: string | null };
}

/** Returns how many items a page has, whether or not anything has parsed the query before. */
export function pageLimit(limit: number | undefined): number {
  const text = String(limit ?? DEFAULT_LIMIT);
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MAX_LIMIT) {
    throw invalid('/query/limit', `must be a whole number from 1 to ${MAX_LIMIT}`);
  }
  return value;
}

/** Makes a page of rows that were selected with a limit of one more than the page holds. */
export function toPage<Row extends { readonly id: string; readonly sortKey: string }>(
  rows: readonly Row[],
  limit: number,
  order: string,
): Page<Omit<Row, 'sortKey'>> {
  const last = rows[limit - 1];
  return {
    data: rows.slice(0, limit).map(({ sortKey: _, ...item }) => item),
    page: { nextCursor: last && rows.length > limit ? encodeCursor(order, { key: last.sortKey, id: last.id }) : null },
  };
}
