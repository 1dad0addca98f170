import type { Queryable } from '../ports/database.ts';
import type { Tx } from './prisma.service.ts';

/** SQL in a transaction of Prisma's, for what its models have no words for: locks, conditional updates. */
export function sqlIn(tx: Tx): Queryable {
  return {
    query: <Row extends object>(text: string, values: readonly unknown[] = []) => tx.$queryRawUnsafe<Row[]>(text, ...values),
  };
}
