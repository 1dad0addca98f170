import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import pino from 'pino';
import { embeddedDatabase } from '../db/embedded.ts';
import { migrate } from '../db/migrate.ts';
import type { Database } from '../ports/database.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');
let shared: Promise<Database> | undefined;

/**
 * The in-memory database that all tests share. Making one takes seconds, so tests keep apart by
 * users of their own: what is not yours you cannot see.
 */
export function testDatabase(): Promise<Database> {
  shared ??= open();
  return shared;
}

after(async () => (await shared)?.close());

async function open(): Promise<Database> {
  const cached = path.join(ROOT, 'node_modules', '.cache', `database-${await fingerprint()}.tar`);
  const image = await readFile(cached).catch(() => undefined);
  if (image) return embeddedDatabase(await PGlite.create({ loadDataDir: new Blob([image]) }));
  const engine = await PGlite.create();
  const db = embeddedDatabase(engine);
  await migrate(db, pino({ level: 'silent' }));
  await keep(cached, await engine.dumpDataDir('none'));
  return db;
}

async function fingerprint(): Promise<string> {
  const folder = path.join(ROOT, 'migrations');
  const migrations = (await readdir(folder)).toSorted().map((name) => path.join(folder, name));
  const engine = path.join(ROOT, 'node_modules', '@electric-sql', 'pglite', 'package.json');
  const hash = createHash('sha256');
  for (const file of [engine, ...migrations]) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

async function keep(file: string, image: Blob): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(temporary, image.stream());
  await rename(temporary, file);
}
