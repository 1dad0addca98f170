import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from '../logger.ts';

const FOLDER = path.join(import.meta.dirname, '..', '..', 'prisma', 'migrations');
/** The one that `prisma migrate` takes, so that the two never work at the same time. */
const ADVISORY_LOCK = 72_707_369;

const LEDGER = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

interface Line {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/**
 * Applies what is pending in `prisma/migrations`, each migration whole or not at all, and keeps
 * the books as `prisma migrate deploy` does. It needs no engine, so an image without the Prisma
 * CLI can do it. Processes that start together queue at the lock, and the later ones find nothing
 * left to do.
 */
export async function migrate(pool: Pool, log: Logger, folder = FOLDER): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const client = await pool.connect();
  try {
    await client.query('set statement_timeout = 0; set client_min_messages = warning');
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(LEDGER);
    const pending = pendingOf(migrations, await readLedger(client));
    for (const migration of pending) await apply(client, migration);
    const applied = pending.map(({ name }) => name);
    log.info({ applied }, applied.length > 0 ? 'migrated' : 'nothing to migrate');
    return applied;
  } finally {
    await client.query('select pg_advisory_unlock_all(); reset all').catch(() => {});
    // Not to be used for anything else, whatever state it is in.
    client.release(true);
  }
}

/** Names what `migrate` would apply. */
export async function pendingMigrations(pool: Pick<Pool, 'query'>, folder = FOLDER): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const { rows } = await pool.query<{ exists: boolean }>("select to_regclass('_prisma_migrations') is not null as exists");
  const ledger = rows[0]?.exists ? await readLedger(pool) : [];
  return pendingOf(migrations, ledger).map(({ name }) => name);
}

async function apply(client: PoolClient, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw new Error(`${name} failed, and nothing of it was applied: ${String(error)}`, { cause: error });
  }
}

async function readLedger(pool: Pick<Pool, 'query'>): Promise<readonly Line[]> {
  const { rows } = await pool.query<Line>(
    'select migration_name as name, checksum, finished_at is not null as finished from _prisma_migrations where rolled_back_at is null',
  );
  return rows;
}

// Lines of the ledger that have no folder come from a newer release; while two releases overlap
// during a deployment, the older one must keep working.
function pendingOf(migrations: readonly Migration[], ledger: readonly Line[]): readonly Migration[] {
  const broken = ledger.find(({ finished }) => !finished);
  if (broken) throw new Error(`${broken.name} failed before; mend the database, then run: npx prisma migrate resolve`);
  const checksums = new Map(ledger.map(({ name, checksum }) => [name, checksum]));
  const edited = migrations.find(({ name, checksum }) => (checksums.get(name) ?? checksum) !== checksum);
  if (edited) throw new Error(`${edited.name} was edited after it was applied; undo that and write a new migration`);
  return migrations.filter(({ name }) => !checksums.has(name));
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(path.join(folder, name, 'migration.sql'));
      return { name, sql: bytes.toString(), checksum: createHash('sha256').update(bytes).digest('hex') };
    }),
  );
}
