import express from 'express';
import type { Validation } from '../../ports/validation.ts';

/** Lets everything through. */
export function createValidation(): Validation {
  return Object.freeze({
    readBody: express.json({ type: ['application/json', 'application/merge-patch+json'] }),
    parse: <Output>(_schema: unknown, input: unknown) => (input ?? {}) as Output,
  });
}
