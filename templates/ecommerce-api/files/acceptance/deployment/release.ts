import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { serverUrl, type TestDatabase } from '../support/database.ts';
import { until } from '../support/poll.ts';
import { runScript } from '../support/processes.ts';
import { leaf, productionOn, released, type Leaf } from './world.ts';

const ledger = (database: TestDatabase) =>
  database.query<{ name: string; finished: Date }>('select migration_name as name, finished_at as finished from _prisma_migrations order by name');

export const release: readonly Leaf[] = [
  leaf('release', 'applies what is pending, and a second time nothing', async ({ env, database }) => {
    const before = await ledger(database);
    assert.ok(before.length > 0);
    assert.equal((await runScript('release', env)).code, 0);
    assert.deepEqual(await ledger(database), before);
  }),

  leaf('release', 'three at once on an empty database migrate once', async ({ kit }) => {
    const database = await kit.database();
    const env = productionOn(database);
    // What the first one has to wait for, until all of them are at it.
    const holder = await database.connect();
    await holder.query('begin; create table users ()');
    const running = Promise.all([1, 2, 3].map(() => runScript('release', env)));
    const busy = 'select 1 from pg_stat_activity where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()';
    await until('all of them have begun', async () => (await database.query(busy)).length === 4, { withinMs: 30_000 });
    await holder.end();
    const runs = await running;
    assert.deepEqual(runs.map(({ code }) => code), [0, 0, 0], runs.map(({ output }) => output).join('\n'));
    const names = (await ledger(database)).map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.equal(runs.filter(({ output }) => output.includes(names[0] ?? 'none')).length, 1);
  }),

  leaf('release', 'waits for a database that starts at the same time', async ({ kit }) => {
    const database = await kit.database();
    const late = await startLate(2);
    try {
      const url = Object.assign(new URL(database.url), { hostname: '127.0.0.1', port: String(late.port) }).href;
      const { code, output } = await runScript('release', { ...productionOn(database), DATABASE_URL: url });
      assert.equal(code, 0, output);
      assert.ok((await ledger(database)).length > 0);
    } finally {
      late.close();
    }
  }),

  leaf('release', 'fails aloud when an applied migration was edited', async ({ kit }) => {
    const { database, env } = await released(kit);
    const [first] = await ledger(database);
    await database.query("update _prisma_migrations set checksum = 'other' where migration_name = $1", [first?.name]);
    const again = await runScript('release', env);
    assert.notEqual(again.code, 0);
    assert.match(again.output, new RegExp(first?.name ?? 'none'));
  }),

  leaf('release', 'fails aloud where the database refuses it', async ({ kit }) => {
    const database = await kit.database();
    const url = Object.assign(new URL(database.url), { pathname: '/there_is_no_such_database' }).href;
    const { code, output } = await runScript('release', { ...productionOn(database), DATABASE_URL: url });
    assert.notEqual(code, 0, output);
  }),
];

/** Stands before the server, and ends so many connections at once before it lets others through. */
async function startLate(refusals: number) {
  const { hostname, port } = serverUrl();
  let left = refusals;
  const server = createServer((near) => {
    near.on('error', () => {});
    left -= 1;
    if (left >= 0) return void near.destroy();
    const far = connect({ host: hostname, port: Number(port) || 5432 });
    far.on('error', () => near.destroy());
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}
