import assert from 'node:assert/strict';
import { bodyOf } from '../support/http.ts';
import { until } from '../support/poll.ts';
import { as, holdOutbox, startWorker, untilLooking, waiting } from './outbox.ts';
import { leaf, productionOn, releaseOn, released, type Leaf, type World } from './world.ts';

let shared: ReturnType<typeof released> | undefined;

/** One database for all of these, since each ends what it has started. */
const ours = ({ kit }: World) => (shared ??= released(kit));

export const worker: readonly Leaf[] = [
  leaf('worker', 'a worker does the jobs, and a web process does none', async (world) => {
    const { database, env } = await ours(world);
    const { kit } = world;
    const web = await kit.start(as('web', env));
    const holder = await holdOutbox(database);
    // It starts when the other one has long been running.
    const working = await kit.launch(as('worker', env));
    await untilLooking(database, 'worker');
    assert.deepEqual(await waiting(database), ['worker']);
    bodyOf(await web.client.get('/health/live'));
    await holder.end();
    await Promise.all([web.stop(), working.stop()]);
  }),

  leaf('worker', 'where nothing is said, one process does both', async (world) => {
    const { database, env } = await ours(world);
    const service = await world.kit.start({ ...as('all', env), ROLE: '' });
    const holder = await holdOutbox(database);
    await untilLooking(database, 'all');
    bodyOf(await service.client.get('/health/live'));
    await holder.end();
    await service.stop();
  }),

  leaf('worker', 'a worker answers no requests', async (world) => {
    const { database, env } = await ours(world);
    const service = await startWorker(world.kit, database, as('worker', env));
    await assert.rejects(service.client.get('/health/live'), 'its port is closed');
    await service.stop();
  }),

  leaf('worker', 'a worker that comes before the release command waits for it', async ({ kit }) => {
    const database = await kit.database();
    const env = productionOn(database);
    await kit.launch(as('worker', env));
    const connected = "select 1 from pg_stat_activity where datname = current_database() and application_name = 'worker'";
    await until('it is connected', async () => (await database.query(connected)).length > 0, { withinMs: 30_000 });
    assert.deepEqual(await database.query("select 1 from pg_tables where schemaname = 'public'"), []);
    await releaseOn(env);
    const holder = await holdOutbox(database);
    await untilLooking(database, 'worker');
    await holder.end();
  }),

  leaf('worker', 'SIGTERM ends an idle worker, and no connection to the database is left', async (world) => {
    const { database, env } = await ours(world);
    const service = await startWorker(world.kit, database, as('worker', env));
    service.signal('SIGTERM');
    assert.deepEqual(await service.exited(), { code: 0, signal: null }, service.output());
    const left = 'select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
    await until('its connections are gone', async () => (await database.query(left)).length === 0);
  }),

  leaf('worker', 'SIGTERM lets a job finish that has begun', async (world) => {
    const { database, env } = await ours(world);
    const service = await startWorker(world.kit, database, as('worker', env));
    const holder = await holdOutbox(database);
    await untilLooking(database, 'worker');
    service.signal('SIGTERM');
    await assert.rejects(service.exited(2000), 'it waits for the job');
    assert.deepEqual(await waiting(database), ['worker'], 'and has not given it up');
    await holder.end();
    assert.deepEqual(await service.exited(), { code: 0, signal: null }, service.output());
  }),

  leaf('worker', 'a second signal ends it at once', async (world) => {
    const { database, env } = await ours(world);
    const service = await startWorker(world.kit, database, as('worker', env));
    const holder = await holdOutbox(database);
    await untilLooking(database, 'worker');
    service.signal('SIGTERM');
    await assert.rejects(service.exited(500), 'it waits for the job');
    service.signal('SIGTERM');
    const { code } = await service.exited(2000);
    assert.notEqual(code, 0);
    await holder.end();
  }),
];
