import { Problem } from '../../http/problem.ts';
import type { Role } from '../../ports/repositories.ts';

/** One answer for "does not exist" and "is not yours": a guess at an id must teach nothing. */
export function found<T>(thing: T | undefined, what: 'project' | 'task' | 'member'): T {
  if (thing === undefined) throw new Problem(404, `${what}.not_found`, `There is no such ${what}.`);
  return thing;
}

/** A viewer knows that the project exists, so refusing is honest here. */
export function assertEditor(role: Role): void {
  if (role === 'viewer') throw new Problem(403, 'project.read_only', 'You may only read in this project.');
}

export function assertOwner(role: Role): void {
  if (role !== 'owner') throw new Problem(403, 'project.owner_only', 'Only an owner of the project may do this.');
}
