import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import type { TestDatabase } from './support/database.ts';
import { bodyOf, type Client } from './support/http.ts';

export type Role = 'owner' | 'editor' | 'viewer';

/** A project of somebody else, and a task in it. */
export interface Property {
  readonly projectId: string;
  readonly taskId: string;
}

/** Somebody else, who owns things that are none of our business. */
export interface Stranger {
  readonly userId: string;
  readonly own: Property;
  /** Makes another project of theirs, in which `userId` has a role. */
  share(userId: string, role: Role): Promise<Property>;
}

export interface People {
  /** Requests made as us. */
  readonly api: Client;
  readonly userId: string;
  readonly stranger: Stranger;
}

/**
 * Us and a stranger. While `auth` is a stub we are the development user and the stranger's rows
 * are planted by SQL; with `auth` built both of us register. The same leaves run either way.
 */
export async function people(client: Client, database: TestDatabase): Promise<People> {
  const probe = await client.post('/v1/auth/register', {});
  if (probe.status === 501) return withDevelopmentUser(client, database);
  const [us, them] = [await register(client), await register(client)];
  const share = (userId: string, role: Role) => shareByApi(them.api, userId, role);
  return { ...us, stranger: { userId: them.userId, own: await ownByApi(them.api), share } };
}

interface Registered {
  readonly api: Client;
  readonly userId: string;
}

export async function register(client: Client): Promise<Registered> {
  const account = { email: `${randomUUID()}@example.test`, password: randomBytes(18).toString('base64url') };
  const registered = await client.post('/v1/auth/register', { ...account, name: 'Test Person' });
  assert.equal(registered.status, 201, `registering: ${registered.text}`);
  const { accessToken } = bodyOf(await client.post<{ accessToken: string }>('/v1/auth/login', account));
  const api = client.with({ Authorization: `Bearer ${accessToken}` });
  const { id } = bodyOf(await api.get<{ id: string }>('/v1/users/me'));
  return { api, userId: id };
}

async function ownByApi(api: Client): Promise<Property> {
  const project = bodyOf(await api.post<{ id: string }>('/v1/projects', { name: 'Theirs' }), 201);
  const task = bodyOf(await api.post<{ id: string }>('/v1/tasks', { projectId: project.id, title: 'Theirs' }), 201);
  return { projectId: project.id, taskId: task.id };
}

async function shareByApi(api: Client, userId: string, role: Role): Promise<Property> {
  const property = await ownByApi(api);
  bodyOf(await api.put(`/v1/projects/${property.projectId}/members/${userId}`, { role }), 204);
  return property;
}

async function withDevelopmentUser(api: Client, database: TestDatabase): Promise<People> {
  const project = bodyOf(await api.post<{ id: string }>('/v1/projects', { name: 'Ours' }), 201);
  const members = bodyOf(await api.get<{ data: { userId: string }[] }>(`/v1/projects/${project.id}/members`));
  const userId = members.data[0]?.userId;
  assert.ok(userId, 'whoever makes a project is its first member');
  const strangerId = await plantUser(database);
  const share = async (member: string, role: Role) => {
    const property = await plantProperty(database, strangerId);
    await database.query('insert into project_members (project_id, user_id, role) values ($1, $2, $3)', [property.projectId, member, role]);
    return property;
  };
  return { api, userId, stranger: { userId: strangerId, own: await plantProperty(database, strangerId), share } };
}

async function plantUser(database: TestDatabase): Promise<string> {
  const id = randomUUID();
  await database.query("insert into users (id, email, name, password_hash) values ($1, $2, 'Test Person', '!')", [id, `${id}@example.test`]);
  return id;
}

async function plantProperty(database: TestDatabase, ownerId: string): Promise<Property> {
  const [projectId, taskId] = [randomUUID(), randomUUID()];
  await database.query("insert into projects (id, name) values ($1, 'Theirs')", [projectId]);
  await database.query("insert into project_members (project_id, user_id, role) values ($1, $2, 'owner')", [projectId, ownerId]);
  await database.query("insert into tasks (id, project_id, creator_id, title) values ($1, $2, $3, 'Theirs')", [taskId, projectId, ownerId]);
  await database.query("insert into task_events (task_id, version, actor_id, kind) values ($1, 1, $2, 'created')", [taskId, ownerId]);
  return { projectId, taskId };
}
