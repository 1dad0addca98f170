import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '../support/database.ts';
import { bodyOf, problemOf } from '../support/http.ts';
import { until } from '../support/poll.ts';
import { etag, newProject, newTask, type Task } from '../world.ts';
import { leaf, npm, type Leaf } from './world.ts';

const TABLES = ['projects', 'project_members', 'tasks', 'task_events'];
// Prisma quotes every name, and puts the schema before each table.
const BY_A_MODEL = /"public"\."(projects|project_members|tasks|task_events)"/;

export const port: readonly Leaf[] = [
  leaf('types', 'it is the port, as the compiler reads it', async () => {
    const { code, output } = await npm('run', 'typecheck');
    assert.equal(code, 0, output);
  }),

  leaf('models', 'what is written is written by models', async (world) => {
    const { api, database, stranger } = world;
    const queries = await noteWriters(database);
    const projectId = await newProject(world);
    const { id } = await newTask(world, { projectId });
    bodyOf(await api.patch(`/v1/tasks/${id}`, { title: 'Renamed' }, etag(1)));
    bodyOf(await api.delete(`/v1/tasks/${id}`), 204);
    bodyOf(await api.patch(`/v1/projects/${projectId}`, { archived: true }, etag(1)));
    bodyOf(await api.put(`/v1/projects/${projectId}/members/${stranger.userId}`, { role: 'viewer' }), 204);
    bodyOf(await api.delete(`/v1/projects/${projectId}/members/${stranger.userId}`), 204);
    const seen = await queries();
    assert.ok(seen.length >= 9, `only ${seen.length} statements were seen`);
    for (const query of seen) assert.match(query, BY_A_MODEL);
  }),

  leaf('models', 'what is read is read by models', async (world) => {
    const { id } = await newTask(world);
    const last = "select query from pg_stat_activity where datname = current_database() and query like 'SELECT %' and pid <> pg_backend_pid()";
    await until('a query of a model is seen', async () => {
      bodyOf(await world.api.get(`/v1/tasks/${id}`));
      return (await world.database.query<{ query: string }>(last)).some(({ query }) => BY_A_MODEL.test(query));
    });
  }),

  leaf('refusals', 'what the database refuses is the same refusal', async (world) => {
    const { api, stranger } = world;
    const { projectId } = await newTask(world);
    assert.equal(problemOf(await api.delete(`/v1/projects/${projectId}`), 409).code, 'project.not_empty');
    const assigned = problemOf(await api.post('/v1/tasks', { projectId, title: 'x', assigneeId: stranger.userId }), 409);
    assert.deepEqual([assigned.code, assigned.errors?.[0]?.pointer], ['task.assignee_not_member', '/body/assigneeId']);
    const member = `/v1/projects/${projectId}/members/${randomUUID()}`;
    assert.equal(problemOf(await api.put(member, { role: 'viewer' }), 404).code, 'user.not_found');
  }),

  leaf('refusals', 'a value of any wrong kind is 400, whoever finds out', async (world) => {
    const task = await newTask(world);
    const wrong = { title: ['', 'x'.repeat(201), 'a\0b', {}], status: ['soon'], priority: [9, -1, 99_999, '{}'], assigneeId: ['me', {}], dueAt: ['tomorrow', {}] };
    for (const [field, values] of Object.entries(wrong)) {
      for (const value of values) {
        problemOf(await world.api.post('/v1/tasks', { projectId: task.projectId, title: 'fine', [field]: value }), 400);
        problemOf(await world.api.patch(`/v1/tasks/${task.id}`, { [field]: value }, etag(1)), 400);
      }
    }
    for (const query of ['dueAfter=yesterday', 'projectId=x', 'assignee=you', 'cursor=x', 'q=a%00b']) problemOf(await world.api.get(`/v1/tasks?${query}`), 400);
    assert.deepEqual(bodyOf(await world.api.get<Task>(`/v1/tasks/${task.id}`)), task);
  }),

  leaf('refusals', 'text of any kind is kept to the letter', async (world) => {
    const projectId = await newProject(world);
    for (const title of ["'; drop table tasks; --", '$1 ${id} "public"', '\u202Egnp.exe', 'e\u0301', '\u0001\u001B[31m', '\\ \' " ;']) {
      const { id } = await newTask(world, { projectId, title, description: title });
      const { title: kept, description } = bodyOf(await world.api.get<Task>(`/v1/tasks/${id}`));
      assert.deepEqual([kept, description], [title, title]);
    }
  }),
];

/** Has the database note each statement that writes from now on; returns how to learn them. */
async function noteWriters(database: TestDatabase): Promise<() => Promise<readonly string[]>> {
  await database.query('create table writers (query text)');
  await database.query(`create function note_writer() returns trigger language plpgsql as $$
    begin insert into writers values (current_query()); return null; end $$`);
  for (const table of TABLES) {
    await database.query(`create trigger note_writer after insert or update or delete on ${table} for each statement execute function note_writer()`);
  }
  return async () => {
    for (const table of TABLES) await database.query(`drop trigger note_writer on ${table}`);
    return (await database.query<{ query: string }>('select query from writers')).map(({ query }) => query);
  };
}
