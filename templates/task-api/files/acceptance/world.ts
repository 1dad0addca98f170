import { people, type People } from './people.ts';
import type { TestDatabase } from './support/database.ts';
import { bodyOf } from './support/http.ts';
import type { Service } from './support/processes.ts';
import type { Random } from './support/random.ts';
import { requireBuilt, type Kit } from './support/suite.ts';

export interface Task {
  readonly id: string;
  readonly projectId: string;
  readonly creatorId: string;
  readonly assigneeId: string | null;
  readonly title: string;
  readonly description: string;
  readonly status: string;
  readonly priority: number;
  readonly dueAt: string | null;
  readonly completedAt: string | null;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly page: { readonly nextCursor: string | null };
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly version: number;
  readonly archivedAt: string | null;
}

export interface HistoryEvent {
  readonly version: number;
  readonly kind: string;
  readonly actorId: string;
  readonly changes: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;
}

export interface World extends People {
  readonly random: Random;
  readonly database: TestDatabase;
  readonly service: Service;
}

/** A test that more than one suite may declare. */
export interface Leaf {
  readonly id: string;
  readonly title: string;
  readonly body: (world: World) => Promise<void>;
}

export const leaf = (id: string, title: string, body: Leaf['body']): Leaf => Object.freeze({ id, title, body });

/** The service on a database of its own, us, and a stranger. */
export async function makeWorld(kit: Kit, env: Readonly<Record<string, string>> = {}): Promise<World> {
  const database = await kit.database();
  const service = await kit.start({ NODE_ENV: 'development', DATABASE_URL: database.url, LOG_LEVEL: 'warn', ...env });
  requireBuilt('task-crud', await service.client.get('/v1/tasks'));
  return { ...(await people(service.client, database)), random: kit.random, database, service };
}

export async function newProject({ api, random }: World): Promise<string> {
  return bodyOf(await api.post<{ id: string }>('/v1/projects', { name: random.word() }), 201).id;
}

/** Makes a task, in a project of its own unless `fields` name one. */
export async function newTask(world: World, fields: Partial<Task> = {}): Promise<Task> {
  const projectId = fields.projectId ?? (await newProject(world));
  return bodyOf(await world.api.post<Task>('/v1/tasks', { title: world.random.word(), ...fields, projectId }), 201);
}

export const titles = (tasks: readonly Task[]): readonly string[] => tasks.map(({ title }) => title);

export const ids = (tasks: readonly { readonly id: string }[]): readonly string[] => tasks.map(({ id }) => id);

export const etag = (version: number): { 'If-Match': string } => ({ 'If-Match': `"${version}"` });

export async function listTasks({ api }: World, query: Readonly<Record<string, string>>): Promise<readonly Task[]> {
  return bodyOf(await api.get<Page<Task>>(`/v1/tasks?${new URLSearchParams({ limit: '100', ...query })}`)).data;
}
