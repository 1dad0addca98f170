import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { bodyOf, problemOf } from '../support/http.ts';
import { etag, ids, leaf, listTasks, newTask, type Leaf, type Page, type Project } from '../world.ts';

export const isolation: readonly Leaf[] = [
  leaf('isolation', "other people's tasks do not exist for us, in any way", async ({ api, stranger: { own }, database }) => {
    const task = `/v1/tasks/${own.taskId}`;
    const attempts = [
      api.get(task),
      api.patch(task, { title: 'stolen' }, { 'If-Match': '*' }),
      api.patch(task, { title: 'stolen' }, etag(9)),
      api.delete(task),
      api.post(`${task}/restore`),
      api.get(`${task}/history`),
    ];
    const unknown = problemOf(await api.get(`/v1/tasks/${randomUUID()}`), 404);
    for (const answer of await Promise.all(attempts)) {
      const problem = problemOf(answer, 404);
      assert.deepEqual([problem.code, problem.detail], [unknown.code, unknown.detail]);
    }
    const [row] = await database.query<{ title: string; version: number }>('select title, version from tasks where id = $1', [own.taskId]);
    assert.deepEqual(row, { title: 'Theirs', version: 1 });
  }),

  leaf('isolation', "other people's projects do not exist for us either", async (world) => {
    const { api, userId, stranger: { own } } = world;
    const project = `/v1/projects/${own.projectId}`;
    const attempts = [
      api.get(project),
      api.patch(project, { name: 'stolen' }, { 'If-Match': '*' }),
      api.delete(project),
      api.get(`${project}/members`),
      api.put(`${project}/members/${userId}`, { role: 'owner' }),
      api.delete(`${project}/members/${userId}`),
      api.post('/v1/tasks', { projectId: own.projectId, title: 'intruder' }),
    ];
    for (const answer of await Promise.all(attempts)) problemOf(answer, 404);
    assert.deepEqual(await listTasks(world, { projectId: own.projectId }), []);
  }),

  leaf('isolation', 'no list shows them', async (world) => {
    const { own, userId } = world.stranger;
    await newTask(world);
    assert.ok(!ids(await listTasks(world, { sort: '-createdAt' })).includes(own.taskId));
    assert.deepEqual(await listTasks(world, { assignee: userId }), []);
    assert.ok((await listTasks(world, { q: 'Theirs' })).every(({ id }) => id !== own.taskId));
    const projects = bodyOf(await world.api.get<Page<Project>>('/v1/projects?limit=100')).data;
    assert.ok(!ids(projects).includes(own.projectId));
  }),
];
