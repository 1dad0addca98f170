import type { Request } from 'express';
import { idempotencyKey } from './idempotency.ts';
import { invalid } from './problem.ts';

/** The Idempotency-Key of a request that must have one, because doing it twice costs money. */
export function requiredKey(request: Request): string {
  const key = idempotencyKey(request);
  if (key === undefined) throw invalid('/headers/idempotency-key', 'is missing; send a new random value with each new attempt');
  return key;
}
