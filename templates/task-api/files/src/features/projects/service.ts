import { assertMatches } from '../../http/etag.ts';
import { Problem } from '../../http/problem.ts';
import type { Member, NewProject, Project, ProjectPatch, ProjectRepository, Repositories, Role, Store } from '../../ports/repositories.ts';
import { assertOwner, found } from './access.ts';

export async function createProject(store: Store, userId: string, project: NewProject): Promise<Project> {
  const id = await store.projects.insert(userId, project);
  return getProject(store, userId, id);
}

export async function getProject({ projects }: Repositories, userId: string, id: string): Promise<Project> {
  return found(await projects.find(userId, id), 'project');
}

export function changeProject(store: Store, userId: string, id: string, patch: ProjectPatch, ifMatch: readonly number[] | null): Promise<Project> {
  return store.transaction(async (transaction) => {
    const project = found(await transaction.projects.lock(userId, id), 'project');
    assertOwner(project.role);
    assertMatches(ifMatch, project.version);
    await transaction.projects.update(id, patch);
    return getProject(transaction, userId, id);
  });
}

export function removeProject(store: Store, userId: string, id: string, ifMatch: readonly number[] | null): Promise<void> {
  return store.transaction(async ({ projects }) => {
    const project = found(await projects.lock(userId, id), 'project');
    assertOwner(project.role);
    assertMatches(ifMatch, project.version);
    await projects.remove(id);
  });
}

export async function getMembers(store: Store, userId: string, id: string): Promise<readonly Member[]> {
  await getProject(store, userId, id);
  return store.projects.listMembers(id);
}

/** Adds a member, or gives one another role. */
export function setMember(store: Store, userId: string, id: string, memberId: string, role: Role): Promise<void> {
  return store.transaction(async ({ projects }) => {
    const project = found(await projects.lock(userId, id), 'project');
    assertOwner(project.role);
    await projects.putMember(id, memberId, role);
    await assertOwned(projects, id);
  });
}

/** Owners remove anyone, and everyone may leave. */
export function removeMember(store: Store, userId: string, id: string, memberId: string): Promise<void> {
  return store.transaction(async ({ projects, tasks }) => {
    const project = found(await projects.lock(userId, id), 'project');
    if (memberId !== userId) assertOwner(project.role);
    // First the tasks, so that their history tells who lost them; the foreign key would not.
    await tasks.unassignAll({ projectId: id, assigneeId: memberId, actorId: userId });
    found((await projects.removeMember(id, memberId)) || undefined, 'member');
    await assertOwned(projects, id);
  });
}

async function assertOwned(projects: ProjectRepository, id: string): Promise<void> {
  if (await projects.hasOwner(id)) return;
  throw new Problem(409, 'project.last_owner', 'A project keeps at least one owner.');
}
