import type { Validation } from '../../ports/validation.ts';
import { parse } from './parse.ts';
import { readBody } from './read-body.ts';

export function createValidation(): Validation {
  return Object.freeze({ readBody, parse });
}
