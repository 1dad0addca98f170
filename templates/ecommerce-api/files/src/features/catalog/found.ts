import { Problem } from '../../http/problem.ts';

/** Returns what was looked for; what is not there is 404. */
export function found<Value>(value: Value | null | undefined, what: 'category' | 'product' | 'variant'): Value {
  if (value === null || value === undefined) throw new Problem(404, `${what}.not_found`, `There is no such ${what}.`);
  return value;
}
