import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appFor, createUser, serve, testContext } from '../../testing/service.ts';
import { api as projectsApi, createProjects } from '../projects/index.ts';
import { api as tasksApi, createTasks } from './index.ts';

const operations = [...projectsApi, ...tasksApi].flatMap((part) => part.operations);

test('answers look as they are described', async () => {
  const context = await testContext();
  const user = await createUser(context.db);
  const url = await serve(appFor(context, (app) => app.use('/v1/projects', createProjects(context)).use('/v1/tasks', createTasks(context))));

  async function answerOf(id: string, address: string, body?: object): Promise<{ readonly id: string }> {
    const operation = operations.find((known) => known.id === id);
    const [expected] = operation?.answers ?? [];
    const headers = { 'x-user': user, 'If-Match': '"1"', ...(body && { 'Content-Type': 'application/json' }) };
    const response = await fetch(url + address, { method: operation?.method.toUpperCase() ?? '', headers, ...(body && { body: JSON.stringify(body) }) });
    assert.equal(response.status, expected?.status, id);
    for (const header of expected?.headers ?? []) assert.ok(response.headers.has(header), `${id}: ${header}`);
    const value: unknown = JSON.parse((await response.text()) || 'null');
    assert.deepEqual(expected?.content?.schema.safeParse(value).error, undefined, id);
    return value as { id: string };
  }

  const project = await answerOf('createProject', '/v1/projects', { name: 'Home' });
  await answerOf('listProjects', '/v1/projects');
  await answerOf('getProject', `/v1/projects/${project.id}`);
  await answerOf('changeProject', `/v1/projects/${project.id}`, { description: 'Where we live' });
  await answerOf('listMembers', `/v1/projects/${project.id}/members`);
  const task = await answerOf('createTask', '/v1/tasks', { projectId: project.id, title: 'Water the plants', assigneeId: user });
  await answerOf('listTasks', '/v1/tasks?limit=1');
  await answerOf('getTask', `/v1/tasks/${task.id}`);
  await answerOf('changeTask', `/v1/tasks/${task.id}`, { status: 'done', dueAt: '2031-05-06T09:08:07+02:00' });
  await answerOf('listHistory', `/v1/tasks/${task.id}/history`);
  const other = await answerOf('createTask', '/v1/tasks', { projectId: project.id, title: 'Buy soil' });
  await answerOf('deleteTask', `/v1/tasks/${other.id}`);
  await answerOf('restoreTask', `/v1/tasks/${other.id}/restore`);
});
