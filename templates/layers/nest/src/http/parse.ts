import type { ZodType } from 'zod';
import type { $ZodIssue } from 'zod/v4/core';
import { Problem, type FieldError } from './problem.ts';

/** The part of a request that a value comes from; it opens the pointer of every complaint. */
export type Source = 'body' | 'query' | 'path' | 'headers';

const MAX_ERRORS = 50;

/** Returns what the schema makes of the input, or throws a 400 that points at every mistake. */
export function parse<Output>(schema: ZodType<Output>, input: unknown, source: Source): Output {
  const result = schema.safeParse(input);
  if (result.success) {
    refuseUnstorable(result.data, source);
    return result.data;
  }
  throw refusal(result.error.issues.flatMap((issue) => describe(issue, `/${source}`)));
}

function refusal(errors: readonly FieldError[]): Problem {
  const summary = errors.length === 1 ? 'One value is not valid.' : `${errors.length} values are not valid.`;
  return new Problem(400, 'request.invalid', summary, { errors: errors.slice(0, MAX_ERRORS) });
}

function describe(issue: $ZodIssue, root: string): FieldError[] {
  const pointer = [root, ...issue.path.map((key) => escape(String(key)))].join('/');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: `${pointer}/${escape(key)}`, detail: 'is not known here' }));
  }
  return [{ pointer, detail: issue.message }];
}

// RFC 6901: the two characters that mean something in a pointer.
const escape = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * Refuses what is valid JSON and yet no text that PostgreSQL could store and give back: the
 * character NUL, and halves of surrogate pairs.
 */
function refuseUnstorable(value: unknown, source: Source): void {
  const errors = [...textsIn(value, `/${source}`)]
    .filter(({ text }) => text.includes('\0') || !text.isWellFormed())
    .map(({ pointer }) => ({ pointer, detail: 'holds characters that cannot be stored' }));
  if (errors.length > 0) throw refusal(errors);
}

function* textsIn(value: unknown, pointer: string): Generator<{ readonly text: string; readonly pointer: string }> {
  if (typeof value === 'string') yield { text: value, pointer };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* textsIn(inner, `${pointer}/${escape(key)}`);
}
