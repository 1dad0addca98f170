import { createHash } from 'node:crypto';
import { sqlState } from './database-error.ts';

interface Named {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/**
 * All before anything ran: a migration changed what the statement returns (0A000), or a pooler
 * stands in between and the connection behind it is not the one that knew the name (26000, 42P05).
 */
const REFUSED: ReadonlySet<string> = new Set(['0A000', '26000', '42P05']);

// As many as the code has statements, since values travel apart.
const names = new Map<string, string>();

/** Names a statement by its text, so that each connection parses and plans it once. */
export const named = (text: string, values: unknown[]): Named => ({ name: nameOf(text), text, values });

/** Whether the database refused the name of a statement, and would take the statement without one. */
export const nameRefused = (error: unknown): boolean => REFUSED.has(sqlState(error) ?? '');

function nameOf(text: string): string {
  const known = names.get(text);
  if (known) return known;
  const name = createHash('sha256').update(text).digest('base64url');
  names.set(text, name);
  return name;
}
