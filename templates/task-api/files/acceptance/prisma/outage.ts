import assert from 'node:assert/strict';
import { problemOf, bodyOf } from '../support/http.ts';
import { until } from '../support/poll.ts';
import { openProxy } from '../support/proxy.ts';
import { etag, makeWorld, newTask } from '../world.ts';
import { leaf, type Leaf } from './world.ts';

const POSTGRESQL = 5432;

export const outage: readonly Leaf[] = [
  leaf('outage', 'without its database it is busy, and well again when that is back', async (world) => {
    const { kit, env, api, database } = world;
    const { id } = await newTask(world);
    const proxy = await openProxy(new URL(database.url), POSTGRESQL);
    try {
      const service = await kit.start({ ...env, DATABASE_URL: proxy.url });
      const client = api.at(service.url);
      bodyOf(await client.get(`/v1/tasks/${id}`));
      await proxy.cut();
      for (const answer of [client.get(`/v1/tasks/${id}`), client.patch(`/v1/tasks/${id}`, { priority: 1 }, etag(1)), client.get('/v1/projects')]) {
        problemOf(await answer, 503);
      }
      await proxy.restore();
      await until('it answers again', async () => (await client.patch(`/v1/tasks/${id}`, { priority: 1 }, { 'If-Match': '*' })).status === 200);
      assert.equal((await service.client.get('/health/live')).status, 200);
      await service.stop();
    } finally {
      await proxy.close();
    }
  }),

  leaf('outage', 'a connection that breaks in a transaction costs that one request', async (world) => {
    const { api, database } = world;
    const { id } = await newTask(world);
    const holder = await database.connect();
    await holder.query('begin');
    await holder.query('select 1 from tasks where id = $1 for update', [id]);
    const answer = api.patch(`/v1/tasks/${id}`, { title: 'cut off' }, etag(1));
    const waiting = "from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await until('the request waits for the row', async () => (await database.query(`select 1 ${waiting}`)).length > 0);
    await database.query(`select pg_terminate_backend(pid) ${waiting}`);
    problemOf(await answer, 503);
    await holder.end();
    bodyOf(await api.patch(`/v1/tasks/${id}`, { title: 'changed' }, etag(1)));
  }),

  leaf('outage', 'told to stop, it leaves no connection behind', async ({ kit, env }) => {
    const world = await makeWorld(kit, env);
    await newTask(world);
    world.service.signal('SIGTERM');
    assert.deepEqual(await world.service.exited(), { code: 0, signal: null }, world.service.output());
    const left = "select 1 from pg_stat_activity where datname = current_database() and application_name = '' and pid <> pg_backend_pid()";
    await until('its connections are gone', async () => (await world.database.query(left)).length === 0);
  }),
];
