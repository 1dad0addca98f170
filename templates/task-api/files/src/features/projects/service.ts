import { assertMatches } from '../../http/etag.ts';
import { Problem } from '../../http/problem.ts';
import type { Database, Queryable } from '../../ports/database.ts';
import { unassignAll } from '../tasks/repository.ts';
import { assertOwner, found } from './access.ts';
import * as repository from './repository.ts';
import type { Project } from './repository.ts';
import type { NewProject, ProjectPatch, Role } from './schema.ts';

export async function createProject(db: Database, userId: string, project: NewProject): Promise<Project> {
  const id = await repository.insertProject(db, userId, project);
  return getProject(db, userId, id);
}

export async function getProject(db: Queryable, userId: string, id: string): Promise<Project> {
  return found(await repository.findProject(db, userId, id), 'project');
}

export function changeProject(db: Database, userId: string, id: string, patch: ProjectPatch, ifMatch: readonly number[] | null): Promise<Project> {
  return db.transaction(async (transaction) => {
    const project = found(await repository.lockProject(transaction, userId, id), 'project');
    assertOwner(project.role);
    assertMatches(ifMatch, project.version);
    await repository.updateProject(transaction, id, patch);
    return getProject(transaction, userId, id);
  });
}

export function removeProject(db: Database, userId: string, id: string, ifMatch: readonly number[] | null): Promise<void> {
  return db.transaction(async (transaction) => {
    const project = found(await repository.lockProject(transaction, userId, id), 'project');
    assertOwner(project.role);
    assertMatches(ifMatch, project.version);
    await repository.deleteProject(transaction, id);
  });
}

export async function getMembers(db: Queryable, userId: string, id: string): Promise<readonly repository.Member[]> {
  await getProject(db, userId, id);
  return repository.listMembers(db, id);
}

/** Adds a member, or gives one another role. */
export function setMember(db: Database, userId: string, id: string, memberId: string, role: Role): Promise<void> {
  return db.transaction(async (transaction) => {
    const project = found(await repository.lockProject(transaction, userId, id), 'project');
    assertOwner(project.role);
    await repository.putMember(transaction, id, memberId, role);
    await assertOwned(transaction, id);
  });
}

/** Owners remove anyone, and everyone may leave. */
export function removeMember(db: Database, userId: string, id: string, memberId: string): Promise<void> {
  return db.transaction(async (transaction) => {
    const project = found(await repository.lockProject(transaction, userId, id), 'project');
    if (memberId !== userId) assertOwner(project.role);
    // First the tasks, so that their history tells who lost them; the foreign key would not.
    await unassignAll(transaction, { projectId: id, assigneeId: memberId, actorId: userId });
    found((await repository.deleteMember(transaction, id, memberId)) || undefined, 'member');
    await assertOwned(transaction, id);
  });
}

async function assertOwned(db: Queryable, id: string): Promise<void> {
  if (await repository.hasOwner(db, id)) return;
  throw new Problem(409, 'project.last_owner', 'A project keeps at least one owner.');
}
