import type { Position } from '../../src/http/cursor.ts';
import type { Listed, Member, Project, ProjectPatch, ProjectRepository, Role } from '../../src/ports/repositories.ts';
import type { Prisma } from '../generated/client.ts';
import type { Queries } from './client.ts';

const PROJECT = { id: true, name: true, description: true, version: true, archivedAt: true, createdAt: true, updatedAt: true } satisfies Prisma.ProjectSelect;

export const projectsIn = (db: Queries): ProjectRepository =>
  Object.freeze({
    insert: async (userId, { name, description }) => {
      const members = { create: { userId, role: 'owner' } };
      return (await db.project.create({ data: { name, description, members }, select: { id: true } })).id;
    },
    find: (userId, id) => findProject(db, userId, id),
    lock: async (userId, id) => {
      // No model locks a row.
      await db.$queryRaw`select 1 from projects p join project_members m on m.project_id = p.id and m.user_id = ${userId}::uuid
        where p.id = ${id}::uuid for update of p`;
      return findProject(db, userId, id);
    },
    list: (userId, limit, after) => listProjects(db, userId, limit, after),
    update: (id, patch) => updateProject(db, id, patch),
    remove: async (id) => void (await db.project.delete({ where: { id }, select: { id: true } })),
    listMembers: (id) => listMembers(db, id),
    putMember: async (projectId, userId, role) => {
      const where = { projectId_userId: { projectId, userId } };
      await db.projectMember.upsert({ where, create: { projectId, userId, role }, update: { role } });
    },
    removeMember: async (projectId, userId) => (await db.projectMember.deleteMany({ where: { projectId, userId } })).count > 0,
    hasOwner: async (projectId) => (await db.projectMember.findFirst({ where: { projectId, role: 'owner' }, select: { userId: true } })) !== null,
  } satisfies ProjectRepository);

/** It begins at the membership of whoever asks: what is not theirs does not exist. */
async function findProject(db: Queries, userId: string, id: string): Promise<Project | undefined> {
  const where = { projectId_userId: { projectId: id, userId } };
  const membership = await db.projectMember.findUnique({ where, select: { role: true, project: { select: PROJECT } } });
  return membership ? { ...membership.project, role: membership.role as Role } : undefined;
}

async function listProjects(db: Queries, userId: string, limit: number, after: Position | undefined): Promise<readonly Listed<Project>[]> {
  const createdAt = after && new Date(after.key);
  const memberships = await db.projectMember.findMany({
    where: { userId, project: after && { OR: [{ createdAt: { gt: createdAt } }, { createdAt, id: { gt: after.id } }] } },
    select: { role: true, project: { select: PROJECT } },
    orderBy: [{ project: { createdAt: 'asc' } }, { project: { id: 'asc' } }],
    take: limit + 1,
  });
  return memberships.map(({ role, project }) => Object.assign(project, { role: role as Role, sortKey: project.createdAt.toISOString() }));
}

async function updateProject(db: Queries, id: string, { name, description, archived }: ProjectPatch): Promise<void> {
  const now = new Date();
  const data = { name, description, version: { increment: 1 }, updatedAt: now };
  if (archived) {
    // Archived again, it keeps the moment of the first time.
    await db.project.updateMany({ where: { id, archivedAt: null }, data: { archivedAt: now } });
  }
  await db.project.update({ where: { id }, data: archived === false ? { ...data, archivedAt: null } : data, select: { id: true } });
}

async function listMembers(db: Queries, projectId: string): Promise<readonly Member[]> {
  const members = await db.projectMember.findMany({
    where: { projectId },
    select: { userId: true, role: true, addedAt: true, user: { select: { name: true } } },
    orderBy: [{ addedAt: 'asc' }, { userId: 'asc' }],
  });
  return members.map(({ userId, user: { name }, role, addedAt }) => ({ userId, name, role: role as Role, addedAt }));
}
