import { z, type ZodType } from 'zod';
import { listOf, named, pageOf, type Json } from '../../openapi/schemas.ts';
import type { ApiPart, Operation } from '../../ports/openapi.ts';
import type * as port from '../../ports/repositories.ts';
import { Member, MemberPath, NewProject, ProjectPatch, ProjectPath, ProjectQuery } from './schema.ts';

named('NewProject', NewProject);
named('ProjectPatch', ProjectPatch);
named('Role', Member);

const Project: ZodType<Json<port.Project>> = named(
  'Project',
  z.strictObject({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    role: Member.shape.role.meta({ description: 'Yours.' }),
    version: z.int().min(1),
    archivedAt: z.iso.datetime().nullable().meta({ description: 'An archived project takes no new tasks.' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  }),
);

const ListedMember: ZodType<Json<port.Member>> = named(
  'Member',
  z.strictObject({ userId: z.uuid(), name: z.string(), role: Member.shape.role, addedAt: z.iso.datetime() }),
);

const MOMENT = '2031-05-06T07:08:07.123Z';

const project = {
  id: '7d0a4f0e-3c55-4c0e-9a3b-0c8f5d1a2b3c',
  name: 'Home',
  description: '',
  role: 'owner',
  version: 1,
  archivedAt: null,
  createdAt: MOMENT,
  updatedAt: MOMENT,
};

const member = { userId: '5b1f7a52-6f0c-4b8e-8d1e-2f3a4b5c6d7e', name: 'Ada Example', role: 'owner', addedAt: MOMENT };

const OWNERS_ONLY = 'Only owners may do this.';
const LAST_OWNER = 'The project would be left without an owner.';

const collection: readonly Operation[] = [
  {
    id: 'listProjects',
    method: 'get',
    path: '/v1/projects',
    summary: 'List the projects that you are a member of',
    query: ProjectQuery,
    answers: [{ status: 200, description: 'A page, oldest first.', content: { schema: pageOf('ProjectPage', Project), example: { data: [project], page: { nextCursor: null } } } }],
  },
  {
    id: 'createProject',
    method: 'post',
    path: '/v1/projects',
    summary: 'Make a project and be its owner',
    body: { schema: NewProject, example: { name: 'Home' } },
    answers: [{ status: 201, description: 'The project.', headers: ['ETag', 'Location'], content: { schema: Project, example: project } }],
  },
];

const single: readonly Operation[] = [
  {
    id: 'getProject',
    method: 'get',
    path: '/v1/projects/:id',
    summary: 'Read a project',
    pathParameters: ProjectPath,
    answers: [{ status: 200, description: 'The project.', headers: ['ETag'], content: { schema: Project, example: project } }],
  },
  {
    id: 'changeProject',
    method: 'patch',
    path: '/v1/projects/:id',
    summary: 'Rename, describe or archive a project',
    pathParameters: ProjectPath,
    body: { schema: ProjectPatch, example: { archived: true } },
    ifMatch: 'required',
    answers: [{ status: 200, description: 'The project as it is now.', headers: ['ETag'], content: { schema: Project, example: project } }],
    refusals: { 403: OWNERS_ONLY },
  },
  {
    id: 'deleteProject',
    method: 'delete',
    path: '/v1/projects/:id',
    summary: 'Delete a project that has no tasks',
    pathParameters: ProjectPath,
    ifMatch: 'optional',
    answers: [{ status: 204, description: 'It is deleted.' }],
    refusals: { 403: OWNERS_ONLY, 409: 'The project still has tasks.' },
  },
];

const members: readonly Operation[] = [
  {
    id: 'listMembers',
    method: 'get',
    path: '/v1/projects/:id/members',
    summary: 'List the members of a project',
    pathParameters: ProjectPath,
    answers: [{ status: 200, description: 'All of them.', content: { schema: listOf('MemberList', ListedMember), example: { data: [member] } } }],
  },
  {
    id: 'putMember',
    method: 'put',
    path: '/v1/projects/:id/members/:userId',
    summary: 'Add a member, or give one another role',
    pathParameters: MemberPath,
    body: { schema: Member, example: { role: 'editor' } },
    answers: [{ status: 204, description: 'It is so.' }],
    refusals: { 403: OWNERS_ONLY, 409: LAST_OWNER },
  },
  {
    id: 'removeMember',
    method: 'delete',
    path: '/v1/projects/:id/members/:userId',
    summary: 'Remove a member, or leave',
    description: 'Whatever was assigned to them is assigned to nobody afterwards.',
    pathParameters: MemberPath,
    answers: [{ status: 204, description: 'They are no member any more.' }],
    refusals: { 403: OWNERS_ONLY, 409: LAST_OWNER },
  },
];

export const api: readonly ApiPart[] = Object.freeze([
  { name: 'Projects', description: 'Tasks live in projects, and members of a project see its tasks.', operations: [...collection, ...single, ...members] },
]);
