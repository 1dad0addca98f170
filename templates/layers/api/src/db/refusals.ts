import { Problem } from '../http/problem.ts';
import { CONSTRAINTS } from './constraints.ts';
import { constraintOf, isUnreachable, sqlState } from './database-error.ts';

/**
 * Turns a refusal by the database into the problem that the client caused, and everything
 * else into undefined. Nothing of the database's own message leaves the service.
 */
export function refusalOf(error: unknown): Problem | undefined {
  if (isUnreachable(error)) return busy();
  const state = sqlState(error);
  if (!state) return undefined;
  return fromConstraint(error) ?? fromState(state);
}

function fromConstraint(error: unknown): Problem | undefined {
  const name = constraintOf(error) ?? '';
  const known = Object.hasOwn(CONSTRAINTS, name) ? CONSTRAINTS[name] : undefined;
  if (!known) return undefined;
  const [status, code, detail, pointer] = known;
  const summary = status === 400 ? 'The request is not valid.' : detail;
  return new Problem(status, code, summary, pointer ? { errors: [{ pointer, detail }] } : {});
}

function fromState(state: string): Problem | undefined {
  // 57014 is statement_timeout; 40xxx a race that was lost again and again; 53xxx and 08xxx no resources.
  if (state === '57014' || /^(40|53|08)/.test(state)) return busy();
  if (state === '23503' || state === '23505') return new Problem(409, 'request.conflict', 'The request conflicts with what is stored.');
  if (/^(22|23)/.test(state)) return new Problem(400, 'request.invalid', 'A value has the wrong form or is out of range.');
  return undefined;
}

function busy(): Problem {
  return new Problem(503, 'database.busy', 'The service is busy; try again.', { headers: { 'Retry-After': '1' } });
}
