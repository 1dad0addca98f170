import { z } from 'zod';
import { invalid } from './problem.ts';

/** The last row of a page: the value that it was sorted by, and its id to break ties. */
export interface Position {
  readonly key: string;
  readonly id: string;
}

const ANY_KEY = z.string().max(500);

/** A cursor also names its order: continued in another one, it would skip and repeat rows. */
export function encodeCursor(order: string, { key, id }: Position): string {
  return Buffer.from(JSON.stringify([order, key, id])).toString('base64url');
}

/** What a key has to be is `keys` to say, where the database does not ask. */
export function decodeCursor(cursor: string | undefined, order: string, keys: z.ZodType<string> = ANY_KEY): Position | undefined {
  if (cursor === undefined) return undefined;
  const content = z.tuple([z.string(), keys, z.uuid()]).safeParse(contentOf(cursor));
  if (!content.success || content.data[0] !== order) {
    throw invalid('/query/cursor', `is no cursor of a list sorted by ${order}`);
  }
  return { key: content.data[1], id: content.data[2] };
}

function contentOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(String(cursor), 'base64url').toString());
  } catch {
    return undefined;
  }
}
