import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import pino from 'pino';
import { ConfigError, readConfig } from '../config.ts';
import { openStore } from './store.ts';

const log = pino({ level: 'silent' });
const DATABASE_URL = 'postgres://127.0.0.1/tasks';
const asked = readConfig({ REPOSITORY: 'prisma', DATABASE_URL });

async function moduleOf(t: { after(done: () => Promise<void>): void }, code: string): Promise<URL> {
  const folder = await mkdtemp(path.join(tmpdir(), 'store-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, 'index.mjs'), code);
  return pathToFileURL(path.join(folder, 'index.mjs'));
}

test('SQL needs no other store, and looks for none', async () => {
  assert.equal(await openStore(readConfig({ DATABASE_URL }), log, new URL('file:///nowhere')), undefined);
});

test('what is not built, or not installed, is told with what to do', async (t) => {
  await assert.rejects(openStore(asked, log, new URL('file:///nowhere/index.ts')), (error) => error instanceof ConfigError && /not built yet/.test(error.message));
  const uninstalled = await moduleOf(t, "import 'no-such-package';");
  await assert.rejects(openStore(asked, log, uninstalled), (error) => error instanceof ConfigError && /npm --prefix/.test(error.message));
});

test('a mistake in it is no question of the configuration', async (t) => {
  await assert.rejects(openStore(asked, log, await moduleOf(t, "throw new TypeError('broken');")), TypeError);
});

test('it is opened on the same database', async (t) => {
  const module = await moduleOf(t, 'export const openStore = (url, poolSize) => ({ url, poolSize });');
  assert.deepEqual(await openStore(asked, log, module), { url: DATABASE_URL, poolSize: asked.databasePoolSize });
});
