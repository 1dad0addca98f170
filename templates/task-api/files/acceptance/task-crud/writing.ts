import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { bodyOf, problemOf } from '../support/http.ts';
import { until } from '../support/poll.ts';
import { etag, ids, leaf, listTasks, newProject, newTask, titles, type Leaf, type Task, type World } from '../world.ts';

export const writing: readonly Leaf[] = [
  leaf('create', 'answers 201 with Location, ETag and the defaults', async (world) => {
    const { api, userId } = world;
    const projectId = await newProject(world);
    const answer = await api.post<Task>('/v1/tasks', { projectId, title: 'Write the report' });
    const task = bodyOf(answer, 201);
    assert.equal(answer.headers.get('location'), `/v1/tasks/${task.id}`);
    assert.equal(answer.headers.get('etag'), '"1"');
    const { id: _id, createdAt: _created, updatedAt: _updated, ...rest } = task;
    const expected = { projectId, creatorId: userId, assigneeId: null, title: 'Write the report', description: '', status: 'todo', priority: 2 };
    assert.deepEqual(rest, { ...expected, dueAt: null, completedAt: null, version: 1 });
  }),

  leaf('create', 'keeps every field as it was sent, in any script', async (world) => {
    const fields = { title: 'Überprüfung 検査 مراجعة 🧪', description: 'line\nbreak\t"quoted" \\ <b>&', status: 'in_progress', priority: 4 };
    const task = await newTask(world, { ...fields, assigneeId: world.userId, dueAt: '2031-05-06T09:08:07.123+02:00' });
    assert.partialDeepStrictEqual(task, { ...fields, assigneeId: world.userId, dueAt: '2031-05-06T07:08:07.123Z' });
  }),

  leaf('create', 'a task that is made done knows when it was completed', async (world) => {
    assert.notEqual((await newTask(world, { status: 'done' })).completedAt, null);
  }),

  leaf('create', 'only in a project that exists, and only for its members', async (world) => {
    const { api, stranger } = world;
    problemOf(await api.post('/v1/tasks', { projectId: randomUUID(), title: 'nowhere' }), 404);
    const projectId = await newProject(world);
    for (const assigneeId of [stranger.userId, randomUUID()]) {
      problemOf(await api.post('/v1/tasks', { projectId, title: 'for nobody', assigneeId }), 409);
    }
    assert.deepEqual(await listTasks(world, { projectId }), []);
  }),

  leaf('create', 'thirty at once are thirty tasks', async (world) => {
    const projectId = await newProject(world);
    await Promise.all(Array.from({ length: 30 }, (_, index) => newTask(world, { projectId, title: `parallel ${index}` })));
    assert.equal(new Set(titles(await listTasks(world, { projectId }))).size, 30);
  }),

  leaf('create', 'with an Idempotency-Key it happens once, however often it is sent', async (world) => {
    const { api } = world;
    const projectId = await newProject(world);
    const key = { 'Idempotency-Key': randomUUID() };
    const send = (title: string) => api.post<Task>('/v1/tasks', { projectId, title }, key);
    const burst = await Promise.all(Array.from({ length: 8 }, () => send('once')));
    assert.ok(burst.every(({ status }) => status === 201 || status === 409), burst.map(({ status }) => status).join());
    const again = await send('once');
    assert.deepEqual(new Set([...burst, again].flatMap(({ status, body }) => (status === 201 ? [body.id] : []))).size, 1);
    assert.equal(again.headers.get('location'), `/v1/tasks/${again.body.id}`);
    problemOf(await send('twice'), 422);
    assert.deepEqual(titles(await listTasks(world, { projectId })), ['once']);
  }),

  leaf('change', 'a merge patch: absent stays, null removes', async (world) => {
    const { api, userId } = world;
    const task = await newTask(world, { description: 'kept', assigneeId: userId, dueAt: '2031-01-01T00:00:00.000Z', priority: 1 });
    const answer = await api.patch<Task>(`/v1/tasks/${task.id}`, { title: 'New', assigneeId: null, dueAt: null }, etag(1));
    const changed = bodyOf(answer);
    assert.equal(answer.headers.get('etag'), '"2"');
    assert.deepEqual(changed, { ...task, title: 'New', assigneeId: null, dueAt: null, version: 2, updatedAt: changed.updatedAt });
    assert.deepEqual(bodyOf(await api.get<Task>(`/v1/tasks/${task.id}`)), changed);
  }),

  leaf('change', 'done sets the moment of completion, and only reopening clears it', async (world) => {
    const { api } = world;
    const { id } = await newTask(world);
    const change = async (fields: object, version: number) => bodyOf(await api.patch<Task>(`/v1/tasks/${id}`, fields, etag(version)));
    const { completedAt } = await change({ status: 'done' }, 1);
    assert.notEqual(completedAt, null);
    assert.equal((await change({ priority: 0 }, 2)).completedAt, completedAt);
    assert.equal((await change({ status: 'in_progress' }, 3)).completedAt, null);
  }),

  leaf('change', 'plain JSON is accepted as well, and what may not change does not', async (world) => {
    const task = await newTask(world);
    const plain = { ...etag(1), 'Content-Type': 'application/json' };
    bodyOf(await world.api.patch(`/v1/tasks/${task.id}`, { priority: 3 }, plain));
    await world.api.patch(`/v1/tasks/${task.id}`, { creatorId: world.stranger.userId, projectId: world.stranger.own.projectId, version: 99 }, etag(2));
    const { creatorId, projectId, version } = bodyOf(await world.api.get<Task>(`/v1/tasks/${task.id}`));
    assert.deepEqual([creatorId, projectId], [task.creatorId, task.projectId]);
    assert.ok(version <= 3);
  }),

  leaf('lost-update', 'without If-Match 428, with an old one 412, and nothing changed', async (world) => {
    const { api } = world;
    const { id } = await newTask(world, { title: 'first' });
    problemOf(await api.patch(`/v1/tasks/${id}`, { title: 'blind' }), 428);
    bodyOf(await api.patch(`/v1/tasks/${id}`, { title: 'second' }, etag(1)));
    for (const stale of ['"1"', '"3"', 'W/"2"', '"abc"', '"1", "7"']) {
      problemOf(await api.patch(`/v1/tasks/${id}`, { title: 'stale' }, { 'If-Match': stale }), 412);
    }
    assert.partialDeepStrictEqual(bodyOf(await api.get<Task>(`/v1/tasks/${id}`)), { title: 'second', version: 2 });
    bodyOf(await api.patch(`/v1/tasks/${id}`, { title: 'any' }, { 'If-Match': '*' }));
  }),

  leaf('lost-update', 'of twenty writers with one version exactly one wins', async (world) => {
    const { id } = await newTask(world);
    const letGo = await holdTask(world, id);
    const writes = Array.from({ length: 20 }, (_, n) => world.api.patch<Task>(`/v1/tasks/${id}`, { title: `writer ${n}` }, etag(1)));
    await until('writers wait for each other', async () => (await waitingForLocks(world)) > 1);
    await letGo();
    const answers = await Promise.all(writes);
    const winners = answers.filter(({ status }) => status === 200);
    assert.equal(winners.length, 1);
    assert.ok(answers.every(({ status }) => status === 200 || status === 412));
    const now = bodyOf(await world.api.get<Task>(`/v1/tasks/${id}`));
    assert.deepEqual([now.version, now.title], [2, winners[0]?.body.title]);
  }),

  leaf('lost-update', 'a delete that names an old version is refused', async (world) => {
    const { id } = await newTask(world);
    bodyOf(await world.api.patch(`/v1/tasks/${id}`, { priority: 1 }, etag(1)));
    problemOf(await world.api.delete(`/v1/tasks/${id}`, etag(1)), 412);
    bodyOf(await world.api.delete(`/v1/tasks/${id}`, etag(2)), 204);
  }),

  leaf('delete-restore', 'a deleted task is gone for everyone who asks, and kept in the database', async (world) => {
    const { api, database } = world;
    const { id, projectId } = await newTask(world);
    bodyOf(await api.delete(`/v1/tasks/${id}`), 204);
    problemOf(await api.get(`/v1/tasks/${id}`), 404);
    problemOf(await api.patch(`/v1/tasks/${id}`, { title: 'ghost' }, etag(2)), 404);
    problemOf(await api.delete(`/v1/tasks/${id}`), 404);
    assert.deepEqual(await listTasks(world, { projectId }), []);
    assert.equal((await database.query('select 1 from tasks where id = $1 and deleted_at is not null', [id])).length, 1);
  }),

  leaf('delete-restore', 'a restored task is what it was, one version later', async (world) => {
    const { api } = world;
    const task = await newTask(world, { status: 'done', priority: 4 });
    problemOf(await api.post(`/v1/tasks/${task.id}/restore`), 409);
    bodyOf(await api.delete(`/v1/tasks/${task.id}`), 204);
    const restored = bodyOf(await api.post<Task>(`/v1/tasks/${task.id}/restore`));
    assert.deepEqual(restored, { ...task, version: 3, updatedAt: restored.updatedAt });
    assert.deepEqual(ids(await listTasks(world, { projectId: task.projectId })), [task.id]);
    problemOf(await api.post(`/v1/tasks/${task.id}/restore`), 409);
  }),
];

/** Holds a task as another transaction would, so that those who change it meet. Returns how to let go. */
async function holdTask({ database }: World, id: string): Promise<() => Promise<void>> {
  const holder = await database.connect();
  await holder.query('begin');
  await holder.query('select 1 from tasks where id = $1 for update', [id]);
  return () => holder.end();
}

async function waitingForLocks({ database }: World): Promise<number> {
  const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  return (await database.query(waiting)).length;
}
