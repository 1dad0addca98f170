import { z } from 'zod';
import { listing, moment } from '../../http/query.ts';
import { label, text } from '../../http/text.ts';
import type { SortField } from '../../ports/repositories.ts';

export const STATUSES = ['todo', 'in_progress', 'done', 'cancelled'] as const;

const title = label(200);
const description = text(10_000);
const status = z.enum(STATUSES);
const priority = z.int().min(0).max(4);
const member = z.uuid().nullable();
const due = moment.nullable();

export const NewTask = z.strictObject({
  projectId: z.uuid(),
  title,
  description: description.optional(),
  status: status.optional(),
  priority: priority.optional(),
  assigneeId: member.optional(),
  dueAt: due.optional(),
});

/** A merge patch (RFC 7396): what is absent stays, null removes. */
export const TaskPatch = z.strictObject({
  title: title.optional(),
  description: description.optional(),
  status: status.optional(),
  priority: priority.optional(),
  assigneeId: member.optional(),
  dueAt: due.optional(),
});

export const SORTS = ['createdAt', 'updatedAt', 'dueAt', 'priority', 'title'] as const satisfies readonly SortField[];

export const TaskQuery = z.strictObject({
  projectId: z.uuid().optional(),
  status: z.union([status, z.array(status).max(STATUSES.length)]).optional(),
  assignee: z.union([z.uuid(), z.enum(['me', 'none'])]).optional().meta({ description: 'A person, yourself, or nobody.' }),
  dueAfter: moment.optional().meta({ description: 'Due then or later.' }),
  dueBefore: moment.optional().meta({ description: 'Due before then.' }),
  q: label(200).optional().meta({ description: 'Words to search for in title and description.' }),
  sort: z.enum([...SORTS, ...SORTS.map((sort) => `-${sort}` as const)]).optional().meta({ description: 'With `-`, downwards.' }),
  ...listing,
});

export const HistoryQuery = z.strictObject(listing);

export const TaskPath = z.strictObject({ id: z.uuid() });
