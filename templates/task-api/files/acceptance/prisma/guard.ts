import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bodyOf } from '../support/http.ts';
import { PROJECT, type Variant } from '../support/processes.ts';
import { leaf, PACKAGE, type Leaf, type PrismaWorld } from './world.ts';

/** Starts a process that must not run, and returns what it says. */
async function refusal({ kit, env, database }: PrismaWorld, wrong: Readonly<Record<string, string>>, variant?: Variant): Promise<string> {
  const service = await kit.launch({ ...env, DATABASE_URL: database.url, ...wrong }, variant);
  const { code } = await service.exited();
  assert.ok(code !== 0 && code !== null, `it must refuse to start, and ended with ${code}`);
  return service.output();
}

export const guard: readonly Leaf[] = [
  leaf('guard', 'a repository that there is not is refused by name', async (world) => {
    assert.match(await refusal(world, { REPOSITORY: 'papyrus' }), /REPOSITORY/);
  }),

  leaf('guard', 'it does not start on the embedded database', async (world) => {
    assert.match(await refusal(world, { DATABASE_URL: '' }), /DATABASE_URL/);
  }),

  leaf('guard', 'where the package is not installed, the service says so, and without Prisma it runs', async (world) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'uninstalled-'));
    try {
      await layOut(folder);
      assert.match(await refusal(world, {}, { folder }), /npm --prefix prisma-repository/);
      const service = await world.kit.start({ ...world.env, DATABASE_URL: world.database.url, REPOSITORY: '' }, { folder });
      bodyOf(await service.client.get('/health/ready'));
      await service.stop();
      await rm(path.join(folder, 'prisma-repository'), { recursive: true });
      assert.match(await refusal(world, {}, { folder }), /REPOSITORY/);
    } finally {
      await rm(folder, { recursive: true });
    }
  }),
];

/** The project as a clone of it is, after `npm ci`. */
async function layOut(folder: string): Promise<void> {
  await symlink(path.join(PROJECT, 'node_modules'), path.join(folder, 'node_modules'));
  for (const name of ['package.json', 'migrations', 'src']) await cp(path.join(PROJECT, name), path.join(folder, name), { recursive: true });
  const made = new Set(['node_modules', 'generated'].map((name) => path.join(PACKAGE, name)));
  await cp(PACKAGE, path.join(folder, 'prisma-repository'), { recursive: true, filter: (file) => !made.has(file) });
}
