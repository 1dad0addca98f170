import { refusalOf } from '../db/refusals.ts';
import { Problem } from './problem.ts';

/** What the client is told of an error; of one that nobody expected, nothing. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return refusalOf(error) ?? fromFramework(error) ?? new Problem(500, 'internal', 'Something went wrong on our side.');
}

// The framework and its parsers throw errors that carry a status of their own.
function fromFramework(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status < 400 || error.status > 499) return undefined;
  return new Problem(error.status, 'request.refused', 'The request cannot be read.');
}
