import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import pino from 'pino';
import { testDatabase } from '../testing/database.ts';
import { migrate, pendingMigrations } from './migrate.ts';

const log = pino({ level: 'silent' });
const MIGRATIONS = path.join(import.meta.dirname, '..', '..', 'migrations');

async function copyOfMigrations(t: { after(done: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'migrations-'));
  t.after(() => rm(folder, { recursive: true }));
  await cp(MIGRATIONS, folder, { recursive: true });
  return folder;
}

test('a second run finds nothing to do', async () => {
  const db = await testDatabase();
  assert.deepEqual(await migrate(db, log), []);
  assert.deepEqual(await pendingMigrations(db), []);
});

test('a migration that fails leaves nothing of itself behind', async (t) => {
  const db = await testDatabase();
  const folder = await copyOfMigrations(t);
  await writeFile(path.join(folder, '9998_good.sql'), 'create table half_done (id int)');
  await writeFile(path.join(folder, '9999_bad.sql'), 'select 1/0');
  await assert.rejects(migrate(db, log, folder), /division by zero/);
  assert.deepEqual(await pendingMigrations(db, folder), ['9998_good.sql', '9999_bad.sql']);
  assert.deepEqual(await db.query("select 1 from pg_tables where tablename = 'half_done'"), []);
});

test('an applied migration may not be edited, but its line endings may differ', async (t) => {
  const db = await testDatabase();
  const folder = await copyOfMigrations(t);
  const file = path.join(folder, '0004_idempotency_keys.sql');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replaceAll('\n', '\r\n'));
  assert.deepEqual(await migrate(db, log, folder), []);
  await writeFile(file, `${text}-- and more`);
  await assert.rejects(migrate(db, log, folder), /0004_idempotency_keys.sql was edited/);
});
