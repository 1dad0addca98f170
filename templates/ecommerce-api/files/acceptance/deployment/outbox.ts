import type { Client } from 'pg';
import type { TestDatabase } from '../support/database.ts';
import { until } from '../support/poll.ts';
import type { Service, Variant } from '../support/processes.ts';
import type { Kit } from '../support/suite.ts';
import type { Production } from './world.ts';

// Every process that does jobs looks into the outbox again and again, whatever is built. Whoever
// holds that table sees who waits for it.

export type Role = 'all' | 'web' | 'worker';

/** Each role connects under its own name, so that the database can tell who asks it for what. */
export const as = (role: Role, env: Production): Readonly<Record<string, string>> => ({
  ...env,
  ROLE: role,
  DRAIN_DELAY_MS: '0',
  DATABASE_URL: `${env.DATABASE_URL}?application_name=${role}`,
});

/** Lets nobody look into the outbox until the connection that it returns ends. */
export async function holdOutbox(database: TestDatabase): Promise<Client> {
  const holder = await database.connect();
  await holder.query('begin; lock table outbox in access exclusive mode');
  return holder;
}

/** Who waits for the outbox. */
export async function waiting(database: TestDatabase): Promise<readonly string[]> {
  const rows = await database.query<{ name: string }>(
    "select distinct application_name as name from pg_locks join pg_stat_activity using (pid) where relation = 'outbox'::regclass and not granted",
  );
  return rows.map(({ name }) => name);
}

export async function untilLooking(database: TestDatabase, role: Role): Promise<void> {
  await until(`${role} looks for work`, async () => (await waiting(database)).includes(role), { withinMs: 30_000 });
}

/** Starts a worker, and returns once it has looked for work twice: by then it is all that it will be. */
export async function startWorker(kit: Kit, database: TestDatabase, env: Readonly<Record<string, string>>, variant?: Variant): Promise<Service> {
  const first = await holdOutbox(database);
  const service = await kit.launch(env, variant);
  await untilLooking(database, 'worker');
  await first.end();
  const second = await holdOutbox(database);
  await untilLooking(database, 'worker');
  await second.end();
  return service;
}
