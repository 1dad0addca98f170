import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execForm, instruction, parseDockerfile } from '../support/dockerfile.ts';
import { bodyOf } from '../support/http.ts';
import { layOutImage } from '../support/image.ts';
import { PROJECT, runCommand } from '../support/processes.ts';
import { as, startWorker } from './outbox.ts';
import { leaf, type Leaf, type World } from './world.ts';

const read = (name: string) => readFile(path.join(PROJECT, name), 'utf8');

async function lastStage() {
  const stage = parseDockerfile(await read('Dockerfile')).at(-1);
  assert.ok(stage, 'the Dockerfile has a stage');
  return stage;
}

const dockerfile: readonly Leaf[] = [
  leaf('dockerfile', 'the image is small, unprivileged, and holds no secret', async () => {
    const text = await read('Dockerfile');
    const stages = parseDockerfile(text);
    assert.ok(stages.length > 1, 'it is built in more than one stage');
    const names = new Set(stages.map(({ name }) => name));
    for (const { image } of stages.filter((stage) => !names.has(stage.image))) {
      assert.match(image, /:(?!latest$)[\w.-]+$|@sha256:/, 'each base image has a tag');
    }
    assert.match(text, /npm ci\b.*--omit[= ]dev/);
    assert.match(instruction(await lastStage(), 'USER') ?? 'root', /^(?!root\b|0\b)\w+/);
    assert.doesNotMatch(text, /^(ENV|ARG)\s.*(SECRET|TOKEN|PASSWORD|_KEY|DATABASE_URL)/im);
    assert.match(await read('.dockerignore'), /^\*$|^(\*\*\/)?\.env/m, '.env stays out of it');
  }),

  leaf('dockerfile', 'what it copies is enough to be built, to release, to serve, to be found healthy, and to drain', async ({ kit, env }) => {
    const stage = await lastStage();
    const { folder, remove } = await layOutImage();
    try {
      await assert.rejects(readFile(path.join(folder, 'node_modules', 'prisma', 'package.json')), 'the Prisma CLI stays out of it');
      const release = await runCommand(['npm', 'run', 'release'], env, { folder });
      assert.equal(release.code, 0, release.output);
      const service = await kit.start(env, { command: execForm(stage, 'CMD'), folder });
      const healthCheck = (variables: Readonly<Record<string, string>>) => runCommand(execForm(stage, 'HEALTHCHECK'), { ...env, ...variables }, { folder });
      const { port } = new URL(service.url);
      const healthy = await healthCheck({ PORT: port });
      assert.equal(healthy.code, 0, healthy.output);
      service.signal('SIGTERM');
      assert.equal((await service.exited()).code, 0);
      assert.notEqual((await healthCheck({ PORT: port })).code, 0, 'what has ended is not healthy');
      assert.equal((await healthCheck({ PORT: port, ROLE: 'worker' })).code, 0, 'a worker is not asked');
    } finally {
      await remove();
    }
  }),
];

interface Started {
  readonly command: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** A command as a platform runs it, with the variables that stand before it. */
function parseCommand(text: string): Started {
  const words = text.trim().split(/\s+/);
  if (words[0] === 'env') words.shift();
  const first = words.findIndex((word) => !/^\w+=/.test(word));
  const variables = words.slice(0, first).map((word) => word.split('=', 2));
  return { command: words.slice(first), variables: Object.fromEntries(variables) };
}

/** Starts a worker, and ends it: it answers nothing, and receives the signal itself. */
async function tryWorker({ kit, database, env }: World, { command, variables }: Started): Promise<void> {
  const { ROLE: _given, ...unsaid } = as('worker', env);
  const worker = await startWorker(kit, database, { ...unsaid, ...variables }, { command });
  await assert.rejects(worker.client.get('/health/live'), 'its port is closed');
  worker.signal('SIGTERM');
  assert.equal((await worker.exited()).code, 0, 'the worker itself receives the signal');
}

const procfile: readonly Leaf[] = [
  leaf('procfile', 'names a release command that migrates, a web process that gets ready, and a worker', async (world) => {
    const { kit, env } = world;
    const entries = [...(await read('Procfile')).matchAll(/^(\w+):\s*(.+)$/gm)].map(([, name, command = '']) => [name, parseCommand(command)] as const);
    const { release, web, worker } = Object.fromEntries(entries);
    assert.ok(release && web && worker, 'it names release, web and worker');
    const migrated = await runCommand(release.command, { ...env, ...release.variables });
    assert.equal(migrated.code, 0, migrated.output);
    const service = await kit.start({ ...env, ...web.variables }, { command: web.command });
    service.signal('SIGTERM');
    assert.equal((await service.exited()).code, 0, 'the web process itself receives the signal');
    await tryWorker(world, worker);
  }),
];

interface Railway {
  readonly build: { readonly builder: string };
  readonly deploy: {
    readonly startCommand?: string;
    readonly preDeployCommand?: string | readonly string[];
    readonly healthcheckPath?: string;
    readonly drainingSeconds: number;
  };
}

const railway: readonly Leaf[] = [
  leaf('railway', 'builds the Dockerfile, releases first, waits for ready, and leaves time to drain', async ({ kit, env }) => {
    const { build, deploy } = JSON.parse(await read('railway.json')) as Railway;
    assert.equal(build.builder, 'DOCKERFILE');
    const command = [deploy.preDeployCommand ?? []].flat().join(' ');
    const release = await runCommand(command.split(' '), env);
    assert.equal(release.code, 0, release.output);
    const service = await kit.start(env);
    bodyOf(await service.client.get(deploy.healthcheckPath ?? 'none'));
    assert.ok(deploy.drainingSeconds >= 30);
  }),

  leaf('railway', 'runs a worker beside it, which is asked for nothing and releases nothing', async (world) => {
    const { build, deploy } = JSON.parse(await read('railway.worker.json')) as Railway;
    assert.equal(build.builder, 'DOCKERFILE');
    assert.equal(deploy.preDeployCommand, undefined);
    assert.equal(deploy.healthcheckPath, undefined);
    assert.ok(deploy.drainingSeconds >= 30);
    await tryWorker(world, parseCommand(deploy.startCommand ?? ''));
  }),
];

export const platforms: readonly Leaf[] = [...dockerfile, ...procfile, ...railway];
