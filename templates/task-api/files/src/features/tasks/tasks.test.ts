import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Context } from '../../ports/context.ts';
import { appFor, createUser, serve, testContext } from '../../testing/service.ts';
import { createProjects } from '../projects/index.ts';
import { createTasks } from './index.ts';

let context: Context;
let url: string;

before(async () => {
  context = await testContext();
  url = await serve(appFor(context, (app) => app.use('/v1/projects', createProjects(context)).use('/v1/tasks', createTasks(context))));
});

async function call(user: string, method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const response = await fetch(url + path, {
    method,
    headers: { 'x-user': user, ...(body && { 'Content-Type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text || '{}') };
}

async function taskOf(user: string): Promise<{ id: string; projectId: string }> {
  const project = await call(user, 'POST', '/v1/projects', { name: 'Home' });
  const task = await call(user, 'POST', '/v1/tasks', { projectId: project.body.id, title: 'Water the plants' });
  assert.equal(task.status, 201);
  return task.body;
}

test('a task goes through its life: made, changed, deleted, restored, with history', async () => {
  const user = await createUser(context.db);
  const { id } = await taskOf(user);
  const changed = await call(user, 'PATCH', `/v1/tasks/${id}`, { status: 'done' }, { 'If-Match': '"1"' });
  assert.deepEqual([changed.status, changed.headers.get('etag')], [200, '"2"']);
  assert.equal((await call(user, 'DELETE', `/v1/tasks/${id}`)).status, 204);
  assert.equal((await call(user, 'GET', `/v1/tasks/${id}`)).status, 404);
  assert.equal((await call(user, 'POST', `/v1/tasks/${id}/restore`)).body.version, 4);
  const history = await call(user, 'GET', `/v1/tasks/${id}/history`);
  assert.deepEqual(history.body.data.map(({ kind }: { kind: string }) => kind), ['restored', 'deleted', 'updated', 'created']);
});

test('a change needs the version that it is based on', async () => {
  const user = await createUser(context.db);
  const { id } = await taskOf(user);
  assert.equal((await call(user, 'PATCH', `/v1/tasks/${id}`, { title: 'x' })).status, 428);
  assert.equal((await call(user, 'PATCH', `/v1/tasks/${id}`, { title: 'x' }, { 'If-Match': '"9"' })).status, 412);
});

test("what is somebody else's does not exist", async () => {
  const [owner, other] = [await createUser(context.db), await createUser(context.db)];
  const { id, projectId } = await taskOf(owner);
  assert.equal((await call(other, 'GET', `/v1/tasks/${id}`)).status, 404);
  assert.equal((await call(other, 'GET', `/v1/projects/${projectId}`)).status, 404);
  assert.deepEqual((await call(other, 'GET', '/v1/tasks')).body.data, []);
});

test('the database refuses by itself what no schema has looked at', async () => {
  const user = await createUser(context.db);
  const { projectId } = await taskOf(user);
  for (const wrong of [{ title: ' ' }, { title: 'x'.repeat(201) }, { status: 'soon' }, { priority: 9 }, { dueAt: 'tomorrow-ish' }]) {
    const answer = await call(user, 'POST', '/v1/tasks', { projectId, title: 'fine', ...wrong });
    assert.equal(answer.status, 400, JSON.stringify(wrong));
  }
});
