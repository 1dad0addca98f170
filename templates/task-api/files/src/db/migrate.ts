import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from '../logger.ts';
import type { Database, Queryable } from '../ports/database.ts';

const FOLDER = path.join(import.meta.dirname, '..', '..', 'migrations');
/** Any number will do, as long as every process of the service uses the same one. */
const ADVISORY_LOCK = 7_241_905;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/**
 * Applies what is pending, in one transaction: all of it or nothing. Processes that start
 * together queue at the advisory lock, and the later ones find nothing left to do.
 */
export async function migrate(db: Database, log: Logger, folder = FOLDER): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const applied = await db.transaction(async (transaction) => {
    await transaction.script('set local statement_timeout = 0; set local client_min_messages = warning');
    await transaction.query('select pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
    await transaction.script(`create table if not exists schema_migrations (
      name text primary key, checksum text not null, applied_at timestamptz(3) not null default now())`);
    const pending = await pendingOf(transaction, migrations);
    for (const { name, sql, checksum } of pending) {
      await transaction.script(sql);
      await transaction.query('insert into schema_migrations (name, checksum) values ($1, $2)', [name, checksum]);
    }
    return pending.map(({ name }) => name);
  });
  log.info({ applied }, applied.length > 0 ? 'migrated' : 'nothing to migrate');
  return applied;
}

/** Names what `migrate` would apply. */
export async function pendingMigrations(db: Queryable, folder = FOLDER): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const [ledger] = await db.query<{ exists: boolean }>("select to_regclass('schema_migrations') is not null as exists");
  return (ledger?.exists ? await pendingOf(db, migrations) : migrations).map(({ name }) => name);
}

// Lines of the ledger that have no file come from a newer release; while two releases
// overlap during a deployment, the older one must keep working.
async function pendingOf(db: Queryable, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const rows = await db.query<{ name: string; checksum: string }>('select name, checksum from schema_migrations');
  const checksums = new Map(rows.map((row) => [row.name, row.checksum]));
  const edited = migrations.find(({ name, checksum }) => (checksums.get(name) ?? checksum) !== checksum);
  if (edited) throw new Error(`${edited.name} was edited after it was applied; undo that and write a new migration`);
  return migrations.filter(({ name }) => !checksums.has(name));
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = (await readFile(path.join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
