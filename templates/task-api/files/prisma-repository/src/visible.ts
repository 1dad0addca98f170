import type { Prisma } from '../generated/client.ts';

/** What the service gets to see of a task. */
export const TASK = {
  id: true,
  projectId: true,
  creatorId: true,
  assigneeId: true,
  title: true,
  description: true,
  status: true,
  priority: true,
  dueAt: true,
  completedAt: true,
  version: true,
  createdAt: true,
  updatedAt: true,
} satisfies Prisma.TaskSelect;

/** Part of every question about tasks: what is not theirs does not exist. */
export const visibleTo = (userId: string) => ({ project: { members: { some: { userId } } } }) satisfies Prisma.TaskWhereInput;
