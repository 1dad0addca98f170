import { Problem } from '../http/problem.ts';
import { sqlState, Unreachable } from './transaction.ts';

/** What a named constraint says to the client that ran into it. */
const BY_CONSTRAINT: Readonly<Record<string, readonly [status: number, code: string, detail: string, pointer?: string]>> = Object.freeze({
  users_email_unique: [409, 'user.email_taken', 'This address is registered already.', '/body/email'],
  users_email_shape: [400, 'request.invalid', 'must be an e-mail address', '/body/email'],
  users_name_length: [400, 'request.invalid', 'must have at most 100 characters', '/body/name'],
  projects_name_length: [400, 'request.invalid', 'must have 1 to 100 characters', '/body/name'],
  projects_description_length: [400, 'request.invalid', 'must have at most 2000 characters', '/body/description'],
  project_members_user: [404, 'user.not_found', 'There is no such user.'],
  project_members_role: [400, 'request.invalid', 'must be owner, editor or viewer', '/body/role'],
  tasks_project: [409, 'project.not_empty', 'The project still has tasks.'],
  tasks_assignee_is_member: [409, 'task.assignee_not_member', 'Only a member of the project can be given the task.', '/body/assigneeId'],
  tasks_title_length: [400, 'request.invalid', 'must have 1 to 200 characters', '/body/title'],
  tasks_description_length: [400, 'request.invalid', 'must have at most 10000 characters', '/body/description'],
  tasks_status: [400, 'request.invalid', 'must be todo, in_progress, done or cancelled', '/body/status'],
  tasks_priority: [400, 'request.invalid', 'must be 0 to 4', '/body/priority'],
});

/**
 * Turns a refusal by the database into the problem that the client caused, and everything
 * else into undefined. Nothing of the database's own message leaves the service.
 */
export function refusalOf(error: unknown): Problem | undefined {
  if (error instanceof Unreachable || isFatal(error)) return busy();
  const state = sqlState(error);
  if (!state) return undefined;
  return fromConstraint(error) ?? fromState(state);
}

// What ends a session: the server stops, starts, or has no more connections to give.
const isFatal = (error: unknown): boolean => error instanceof Error && 'severity' in error && error.severity === 'FATAL';

function fromConstraint(error: unknown): Problem | undefined {
  const name = error instanceof Error && 'constraint' in error ? String(error.constraint) : '';
  const known = Object.hasOwn(BY_CONSTRAINT, name) ? BY_CONSTRAINT[name] : undefined;
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
