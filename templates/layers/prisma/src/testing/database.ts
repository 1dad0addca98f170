import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PGliteOptions } from '@electric-sql/pglite';
import pino from 'pino';
import { poolOnEngine } from '../db/embedded.ts';
import { migrate } from '../db/migrate.ts';
import type { OpenPool } from '../db/open.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');
let shared: Promise<OpenPool> | undefined;

/**
 * The in-memory database that all tests share. Making one takes seconds, so tests keep apart by
 * users, products and orders of their own. It ends with the process.
 */
export function testDatabase(): Promise<OpenPool> {
  shared ??= open();
  return shared;
}

async function open(): Promise<OpenPool> {
  const cached = path.join(ROOT, 'node_modules', '.cache', `database-${await fingerprint()}.tar`);
  const image = await readFile(cached).catch(() => undefined);
  const options: PGliteOptions = image ? { loadDataDir: new Blob([image]) } : {};
  const { pool, engine } = await poolOnEngine(options);
  if (!image) {
    await migrate(pool, pino({ level: 'silent' }));
    await keep(cached, await engine.dumpDataDir('none'));
  }
  return { pool, close: async () => {} };
}

async function fingerprint(): Promise<string> {
  const folder = path.join(ROOT, 'prisma', 'migrations');
  const migrations = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.sql')).toSorted();
  const engine = path.join(ROOT, 'node_modules', '@electric-sql', 'pglite', 'package.json');
  const hash = createHash('sha256');
  for (const file of [engine, ...migrations.map((name) => path.join(folder, name))]) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

async function keep(file: string, image: Blob): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(temporary, image.stream());
  await rename(temporary, file);
}
