import { z, type ZodType } from 'zod';
import { named, pageOf, type Json } from '../../openapi/schemas.ts';
import type { ApiPart, Operation } from '../../ports/openapi.ts';
import type * as port from '../../ports/repositories.ts';
import { HistoryQuery, NewTask, STATUSES, TaskPatch, TaskPath, TaskQuery } from './schema.ts';

named('NewTask', NewTask);
named('TaskPatch', TaskPatch);

const Task: ZodType<Json<port.Task>> = named(
  'Task',
  z.strictObject({
    id: z.uuid(),
    projectId: z.uuid(),
    creatorId: z.uuid().nullable(),
    assigneeId: z.uuid().nullable(),
    title: z.string(),
    description: z.string(),
    status: z.enum(STATUSES),
    priority: z.int().min(0).max(4),
    dueAt: z.iso.datetime().nullable(),
    completedAt: z.iso.datetime().nullable(),
    version: z.int().min(1),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  }),
);

const Event: ZodType<Json<port.TaskEvent>> = named(
  'TaskEvent',
  z.strictObject({
    version: z.int().min(1).meta({ description: 'The version that it made.' }),
    kind: z.enum(['created', 'updated', 'deleted', 'restored']),
    actorId: z.uuid().nullable(),
    changes: z.record(z.string(), z.strictObject({ from: z.unknown(), to: z.unknown() })),
    at: z.iso.datetime(),
  }),
);

const [PROJECT, PERSON, MOMENT] = ['7d0a4f0e-3c55-4c0e-9a3b-0c8f5d1a2b3c', '5b1f7a52-6f0c-4b8e-8d1e-2f3a4b5c6d7e', '2031-05-06T07:08:07.123Z'];

const task = {
  id: '0b9c8d7e-6f5a-4b3c-8d1e-0f9a8b7c6d5e',
  projectId: PROJECT,
  creatorId: PERSON,
  assigneeId: null,
  title: 'Water the plants',
  description: '',
  status: 'todo',
  priority: 2,
  dueAt: null,
  completedAt: null,
  version: 1,
  createdAt: MOMENT,
  updatedAt: MOMENT,
};

const event = { version: 2, kind: 'updated', actorId: PERSON, changes: { status: { from: 'todo', to: 'done' } }, at: MOMENT };

const READ_ONLY = 'You may only read in this project.';
const NO_MEMBER = 'the assignee is no member of it';

const collection: readonly Operation[] = [
  {
    id: 'listTasks',
    method: 'get',
    path: '/v1/tasks',
    summary: 'List tasks of your projects',
    query: TaskQuery,
    answers: [{ status: 200, description: 'A page.', content: { schema: pageOf('TaskPage', Task), example: { data: [task], page: { nextCursor: null } } } }],
  },
  {
    id: 'createTask',
    method: 'post',
    path: '/v1/tasks',
    summary: 'Make a task',
    body: { schema: NewTask, example: { projectId: PROJECT, title: 'Water the plants', priority: 3 } },
    idempotencyKey: true,
    answers: [{ status: 201, description: 'The task.', headers: ['ETag', 'Location'], content: { schema: Task, example: task } }],
    refusals: {
      403: READ_ONLY,
      404: 'There is no such project, or it is not yours.',
      409: `The project is archived, ${NO_MEMBER}, or the same request is still being worked on.`,
    },
  },
];

const single: readonly Operation[] = [
  {
    id: 'getTask',
    method: 'get',
    path: '/v1/tasks/:id',
    summary: 'Read a task',
    pathParameters: TaskPath,
    answers: [{ status: 200, description: 'The task.', headers: ['ETag'], content: { schema: Task, example: task } }],
  },
  {
    id: 'changeTask',
    method: 'patch',
    path: '/v1/tasks/:id',
    summary: 'Change a task',
    description: 'A merge patch (RFC 7396): what is absent stays, null removes.',
    pathParameters: TaskPath,
    body: { schema: TaskPatch, example: { status: 'done' } },
    ifMatch: 'required',
    answers: [{ status: 200, description: 'The task as it is now.', headers: ['ETag'], content: { schema: Task, example: task } }],
    refusals: { 403: READ_ONLY, 409: `In its project, ${NO_MEMBER}.` },
  },
  {
    id: 'deleteTask',
    method: 'delete',
    path: '/v1/tasks/:id',
    summary: 'Delete a task',
    pathParameters: TaskPath,
    ifMatch: 'optional',
    answers: [{ status: 204, description: 'It is deleted, and can be restored.' }],
    refusals: { 403: READ_ONLY },
  },
];

const past: readonly Operation[] = [
  {
    id: 'restoreTask',
    method: 'post',
    path: '/v1/tasks/:id/restore',
    summary: 'Take back that a task was deleted',
    pathParameters: TaskPath,
    answers: [{ status: 200, description: 'The task.', headers: ['ETag'], content: { schema: Task, example: task } }],
    refusals: { 403: READ_ONLY, 409: 'The task is not deleted.' },
  },
  {
    id: 'listHistory',
    method: 'get',
    path: '/v1/tasks/:id/history',
    summary: 'List what happened to a task, deleted or not',
    pathParameters: TaskPath,
    query: HistoryQuery,
    answers: [{ status: 200, description: 'A page, newest first.', content: { schema: pageOf('TaskEventPage', Event), example: { data: [event], page: { nextCursor: null } } } }],
  },
];

export const api: readonly ApiPart[] = Object.freeze([
  { name: 'Tasks', description: 'With lost-update protection, and a history that tells who changed what.', operations: [...collection, ...single, ...past] },
]);
