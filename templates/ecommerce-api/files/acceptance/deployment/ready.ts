import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { bodyOf, type Answer } from '../support/http.ts';
import { setReachable } from '../support/outage.ts';
import { until } from '../support/poll.ts';
import { untilAnswers, type Service } from '../support/processes.ts';
import { openProxy } from '../support/proxy.ts';
import { serviceUrl } from '../support/services.ts';
import { leaf, peopleOf, productionOn, releaseOn, released, usingUsers, type Leaf, type World } from './world.ts';

const REDIS_PORT = 6379;

export const ready: readonly Leaf[] = [
  leaf('ready', 'a new process waits for the release command, and migrates nothing itself', async ({ kit }) => {
    const database = await kit.database();
    const env = productionOn(database);
    const service = await kit.launch(env);
    await untilAnswers(service, '/health/ready', 503);
    bodyOf(await service.client.get('/health/live'));
    assert.deepEqual(await database.query("select 1 from pg_tables where schemaname = 'public'"), []);
    await releaseOn(env);
    await untilAnswers(service, '/health/ready', 200);
  }),

  leaf('ready', 'it lives through an outage of its database, and says so meanwhile', async ({ kit }) => {
    const { database, env } = await released(kit);
    const elsewhere = await kit.database();
    const service = await kit.start(env);
    await setReachable(database, elsewhere, false);
    await untilAnswers(service, '/health/ready', 503);
    bodyOf(await service.client.get('/health/live'));
    await setReachable(database, elsewhere, true);
    await untilAnswers(service, '/health/ready', 200);
  }),

  leaf('ready', 'a connection that breaks under a request costs that request alone', async ({ kit, database, env }) => {
    const service = await kit.start(env);
    const { table, ask } = await needing(service, { database, env });
    const holder = await database.connect();
    await holder.query(`begin; lock table ${table} in access exclusive mode`);
    let over = false;
    const answers = ask().finally(() => (over = true));
    const waiting = 'from pg_locks where relation = $1::regclass and not granted';
    await until('a request waits for the lock', async () => (await database.query(`select 1 ${waiting}`, [table])).length > 0);
    await until('it is cut off', async () => {
      await database.query(`select pg_terminate_backend(pid) ${waiting}`, [table]);
      return over;
    });
    const statuses = (await answers).map(({ status }) => status);
    assert.ok(statuses.includes(503), `it was answered with ${statuses}`);
    await holder.end();
    for (const { status, text } of await ask()) assert.ok(status < 500 || status === 501, `${status}: ${text}`);
  }),

  leaf('ready', 'without Redis it is ready all the same, from the start and when it goes', async ({ kit, env }) => {
    const redis = await openProxy(serviceUrl('redis'), REDIS_PORT);
    try {
      const connected = await kit.start({ ...env, REDIS_URL: redis.url });
      await redis.cut();
      await untilAnswers(connected, '/health/ready', 200);
      const alone = await kit.start({ ...env, REDIS_URL: redis.url });
      bodyOf(await alone.client.get('/health/ready'));
      bodyOf(await connected.client.get('/health/ready'));
      await redis.restore();
      bodyOf(await connected.client.get('/health/ready'));
      redis.hang();
      bodyOf(await connected.client.get('/health/ready'));
      bodyOf(await alone.client.get('/health/ready'));
    } finally {
      await redis.close();
    }
  }),
];

interface Need {
  readonly table: string;
  readonly ask: () => Promise<readonly Answer[]>;
}

/** Requests that need a table: in a transaction where the catalog is built, else by those who make them. */
async function needing(service: Service, world: Pick<World, 'env' | 'database'>): Promise<Need> {
  const catalog = await service.client.get('/v1/products');
  if (catalog.status === 501) return { table: 'users', ask: () => Promise.all(usingUsers(service, world.env)) };
  const { staff } = await peopleOf(service, world);
  return { table: 'products', ask: async () => [await staff.api.delete(`/v1/products/${randomUUID()}`)] };
}
