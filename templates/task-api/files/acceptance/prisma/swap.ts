import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { bodyOf, type Client } from '../support/http.ts';
import { etag, ids, newProject, newTask, titles, type HistoryEvent, type Page, type Project, type Task } from '../world.ts';
import { leaf, type Leaf } from './world.ts';

const SORTS = ['createdAt', '-updatedAt', 'dueAt', '-dueAt', 'priority', '-title'];

export const swap: readonly Leaf[] = [
  leaf('swap', 'one goes on with what the other has begun, and both show the same', async (world) => {
    const { api, sql } = world;
    const { id } = await newTask(world, { description: 'kept', dueAt: '2031-01-02T03:04:05.678Z', priority: 0 });
    const change = async (client: Client, version: number, fields: object) => bodyOf(await client.patch<Task>(`/v1/tasks/${id}`, fields, etag(version)));
    await change(sql, 1, { status: 'done', assigneeId: world.userId });
    const { completedAt } = await change(api, 2, { title: 'Renamed' });
    assert.equal((await change(sql, 3, { dueAt: null })).completedAt, completedAt);
    bodyOf(await sql.delete(`/v1/tasks/${id}`), 204);
    bodyOf(await api.post(`/v1/tasks/${id}/restore`));
    assert.deepEqual(bodyOf(await api.get(`/v1/tasks/${id}`)), bodyOf(await sql.get(`/v1/tasks/${id}`)));
    for (const list of [`/v1/tasks/${id}/history`, '/v1/tasks?limit=100&sort=-updatedAt', '/v1/projects?limit=100']) {
      assert.deepEqual(bodyOf(await api.get<Page<Task>>(list)).data, bodyOf(await sql.get<Page<Task>>(list)).data, list);
    }
  }),

  ...SORTS.map((sort) =>
    leaf('swap', `a cursor of one goes on at the other, by ${sort}`, async (world) => {
      const projectId = await newProject(world);
      const { random } = world;
      const dueAt = () => random.pick([null, '2031-01-01T00:00:00.000Z', '2031-01-02T00:00:00.000Z']);
      for (let n = 0; n < 12; n += 1) await newTask(world, { projectId, title: random.pick(['same', 'Same', 'other']), priority: random.int(0, 1), dueAt: dueAt() });
      const list = `/v1/tasks?projectId=${projectId}&sort=${sort}`;
      const whole = bodyOf(await world.sql.get<Page<Task>>(`${list}&limit=100`)).data;
      assert.deepEqual(ids(await walk([world.api, world.sql], `${list}&limit=2`)), ids(whole));
      assert.deepEqual(ids(await walk([world.api], `${list}&limit=5`)), ids(whole));
    }),
  ),

  leaf('swap', 'so do cursors of projects and of histories', async (world) => {
    for (let n = 0; n < 3; n += 1) await newProject(world);
    const projects = ids(bodyOf(await world.sql.get<Page<Project>>('/v1/projects?limit=100')).data);
    assert.deepEqual(ids(await walk([world.api, world.sql], '/v1/projects?limit=10')).slice(0, projects.length), projects);
    const { id } = await newTask(world);
    for (let version = 1; version < 6; version += 1) bodyOf(await world.api.patch(`/v1/tasks/${id}`, { title: `v${version}` }, etag(version)));
    const events = (await walk([world.api, world.sql], `/v1/tasks/${id}/history?limit=2`)) as unknown as readonly HistoryEvent[];
    assert.deepEqual(events.map(({ version }) => version), [6, 5, 4, 3, 2, 1]);
  }),

  leaf('swap', 'what was sent to one with an Idempotency-Key is known to the other', async (world) => {
    const projectId = await newProject(world);
    const key = { 'Idempotency-Key': randomUUID() };
    const send = async (client: Client) => bodyOf(await client.post<Task>('/v1/tasks', { projectId, title: 'once' }, key), 201);
    const first = await send(world.api);
    assert.deepEqual([await send(world.sql), await send(world.api)], [first, first]);
    assert.deepEqual(titles(bodyOf(await world.api.get<Page<Task>>(`/v1/tasks?projectId=${projectId}`)).data), ['once']);
  }),

  leaf('swap', 'of writers at both with one version exactly one wins', async (world) => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await newTask(world);
      const clients = Array.from({ length: 10 }, (_, index) => (index % 2 ? world.api : world.sql));
      const answers = await Promise.all(clients.map((client, index) => client.patch(`/v1/tasks/${id}`, { title: `writer ${index}` }, etag(1))));
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array.from({ length: 9 }, () => 412)]);
    }
  }),
];

/** Reads a list to its end, each page from the next of the clients. */
async function walk(clients: readonly [Client, ...Client[]], list: string): Promise<readonly { readonly id: string }[]> {
  const seen: { readonly id: string }[] = [];
  let cursor: string | null = '';
  for (let turn = 0; cursor !== null; turn += 1) {
    const client: Client = clients[turn % clients.length] ?? clients[0];
    const next: Page<{ readonly id: string }> = bodyOf(await client.get(`${list}${cursor && `&cursor=${cursor}`}`));
    seen.push(...next.data);
    cursor = next.page.nextCursor;
    assert.ok(turn < 200, 'the walk ends');
  }
  return seen;
}
