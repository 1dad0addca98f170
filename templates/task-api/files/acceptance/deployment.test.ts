import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, request, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import { register } from './people.ts';
import type { TestDatabase } from './support/database.ts';
import { execForm, instruction, parseDockerfile, type Stage } from './support/dockerfile.ts';
import { bodyOf, problemOf, type Client } from './support/http.ts';
import { layOutImage } from './support/image.ts';
import { setReachable } from './support/outage.ts';
import { until } from './support/poll.ts';
import { PROJECT, runCommand, runScript, untilAnswers, type Service } from './support/processes.ts';
import { openSlowRequest, untilRefused } from './support/slow-request.ts';
import { suite, type Kit } from './support/suite.ts';

interface World {
  readonly kit: Kit;
  /** Production: the database and the secrets, and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  readonly database: TestDatabase;
}

const { leaf } = suite('deployment', async (kit): Promise<World> => {
  const database = await kit.database();
  const env = productionOn(database);
  const release = await runScript('release', env);
  if (release.code !== 0) throw new Error(`npm run release ended with ${release.code}: ${release.output}`);
  return { kit, env, database };
});

const secret = () => randomBytes(32).toString('hex');

const productionOn = ({ url }: TestDatabase) => ({ NODE_ENV: 'production', DATABASE_URL: url, JWT_SECRET: secret(), DEMO_TOKEN: secret() });

const read = (name: string) => readFile(path.join(PROJECT, name), 'utf8');

/** Starts a production process with something wrong in its environment, and returns what it says. */
async function refusal({ kit, env }: World, wrong: Readonly<Record<string, string>>): Promise<string> {
  const service = await kit.launch({ ...env, ...wrong });
  const { code } = await service.exited();
  assert.ok(code !== 0 && code !== null, `it must refuse to start, and ended with ${code}`);
  return service.output();
}

leaf('configuration', 'nothing but the database and the secrets is needed', async ({ kit, env }) => {
  const service = await kit.start(env);
  bodyOf(await service.client.get('/health/live'));
  const answer = await service.client.get('/v1/tasks');
  assert.equal(answer.status, 401, 'and nobody gets in without a credential');
});

leaf('configuration', 'without a database it does not start, and never on the embedded one', async (world) => {
  assert.match(await refusal(world, { DATABASE_URL: '' }), /DATABASE_URL/);
});

leaf('configuration', 'without secrets it does not start', async (world) => {
  assert.match(await refusal(world, { JWT_SECRET: '', DEMO_TOKEN: '' }), /JWT_SECRET|DEMO_TOKEN/);
});

leaf('configuration', 'with a secret from an example, or a short one, it does not start', async (world) => {
  for (const value of ['change-me-change-me-change-me-change-me', 'short-and-private']) {
    const output = await refusal(world, { JWT_SECRET: value, DEMO_TOKEN: value });
    assert.match(output, /JWT_SECRET|DEMO_TOKEN/);
    assert.ok(!output.includes(value), 'and does not print it');
  }
});

leaf('configuration', 'a value that makes no sense is named', async (world) => {
  assert.match(await refusal(world, { PORT: 'eighty' }), /PORT/);
  assert.match(await refusal(world, { DATABASE_URL: 'mysql://localhost/x' }), /DATABASE_URL/);
});

const ledger = (database: TestDatabase) => database.query<{ name: string; applied_at: Date }>('select name, applied_at from schema_migrations order by name');

leaf('release', 'applies what is pending, and a second time nothing', async ({ env, database }) => {
  const before = await ledger(database);
  assert.ok(before.length > 0);
  assert.equal((await runScript('release', env)).code, 0);
  assert.deepEqual(await ledger(database), before);
});

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
});

leaf('release', 'fails aloud when an applied migration was edited', async ({ kit }) => {
  const database = await kit.database();
  const env = productionOn(database);
  assert.equal((await runScript('release', env)).code, 0);
  const [first] = await ledger(database);
  await database.query("update schema_migrations set checksum = 'other' where name = $1", [first?.name]);
  const again = await runScript('release', env);
  assert.notEqual(again.code, 0);
  assert.match(again.output, new RegExp(first?.name ?? 'none'));
});

leaf('ready', 'a new process waits for the release command, and migrates nothing itself', async ({ kit }) => {
  const database = await kit.database();
  const env = productionOn(database);
  const service = await kit.launch(env);
  await untilAnswers(service, '/health/ready', 503);
  bodyOf(await service.client.get('/health/live'));
  assert.deepEqual(await database.query("select 1 from pg_tables where schemaname = 'public'"), []);
  assert.equal((await runScript('release', env)).code, 0);
  await untilAnswers(service, '/health/ready', 200);
});

leaf('ready', 'it lives through an outage of its database, and says so meanwhile', async ({ kit }) => {
  const database = await kit.database();
  const env = productionOn(database);
  assert.equal((await runScript('release', env)).code, 0);
  const elsewhere = await kit.database();
  const service = await kit.start(env);
  await setReachable(database, elsewhere, false);
  await untilAnswers(service, '/health/ready', 503);
  bodyOf(await service.client.get('/health/live'));
  await setReachable(database, elsewhere, true);
  await untilAnswers(service, '/health/ready', 200);
});

leaf('ready', 'a connection that breaks in a transaction costs that one request', async ({ kit }) => {
  const database = await kit.database();
  const env = productionOn(database);
  assert.equal((await runScript('release', env)).code, 0);
  const service = await kit.start(env);
  const api = await somebody(service, env.DEMO_TOKEN);
  const holder = await database.connect();
  await holder.query('begin; lock table tasks in access exclusive mode');
  const answer = api.delete(`/v1/tasks/${randomUUID()}`);
  const waiting = "from pg_locks where relation = 'tasks'::regclass and not granted";
  await until('the request waits for the lock', async () => (await database.query(`select 1 ${waiting}`)).length > 0);
  await database.query(`select pg_terminate_backend(pid) ${waiting}`);
  problemOf(await answer, 503);
  await holder.end();
  problemOf(await api.delete(`/v1/tasks/${randomUUID()}`), 404);
});

/** A client that the service knows, whether or not `auth` is built. */
async function somebody({ client }: Service, token: string): Promise<Client> {
  const demo = client.with({ Authorization: `Bearer ${token}` });
  // Without the token, a stub of auth would not even say that it is one: this is production.
  const probe = await demo.post('/v1/auth/register', {});
  return probe.status === 501 ? demo : (await register(client)).api;
}

leaf('drain', 'not ready first, then no new connections, and what runs is finished', async ({ kit, env }) => {
  const service = await kit.start(env);
  const slow = await openSlowRequest(service, '/v1/auth/login');
  service.signal('SIGTERM');
  await untilAnswers(service, '/health/ready', 503);
  await untilRefused(service);
  slow.request.end('"}');
  assert.ok((await slow.answer).statusCode, 'the running request was answered');
  assert.deepEqual(await service.exited(), { code: 0, signal: null }, service.output());
});

leaf('drain', 'a request that waits for the database is finished as well', async ({ kit }) => {
  const database = await kit.database();
  const env = productionOn(database);
  assert.equal((await runScript('release', env)).code, 0);
  const service = await kit.start(env);
  const holder = await database.connect();
  await holder.query('begin; lock table users in access exclusive mode');
  const answers = Promise.all(usingUsers(service, env.DEMO_TOKEN));
  const waiting = () => database.query("select 1 from pg_locks where relation = 'users'::regclass and not granted");
  await until('a request waits for the lock', async () => (await waiting()).length > 0);
  service.signal('SIGTERM');
  await untilRefused(service);
  await holder.query('commit');
  await holder.end();
  for (const { status } of await answers) assert.ok(status < 500 || status === 501, `it was answered with ${status}`);
  assert.deepEqual(await service.exited(), { code: 0, signal: null }, service.output());
});

// Whether or not `auth` is built, one of these has to look at the table of users.
const usingUsers = ({ client }: Service, token: string) => [
  client.get('/v1/tasks', { Authorization: `Bearer ${token}` }),
  client.post('/v1/auth/login', { email: 'nobody@example.test', password: secret() }),
];

leaf('drain', 'an idle connection does not hold it up, and no connection to the database is left', async ({ kit }) => {
  const database = await kit.database();
  const env = productionOn(database);
  assert.equal((await runScript('release', env)).code, 0);
  const service = await kit.start(env);
  const agent = new Agent({ keepAlive: true });
  const idle = request(`${service.url}/health/ready`, { agent }).end();
  const [response] = (await once(idle, 'response')) as [IncomingMessage];
  await response.toArray();
  service.signal('SIGTERM');
  assert.deepEqual(await service.exited(15_000), { code: 0, signal: null }, service.output());
  agent.destroy();
  const left = 'select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
  await until('its connections are gone', async () => (await database.query(left)).length === 0);
});

leaf('drain', 'a second signal ends it at once', async ({ kit, env }) => {
  const service = await kit.start(env);
  const slow = await openSlowRequest(service, '/v1/auth/login');
  slow.answer.catch(() => {});
  service.signal('SIGTERM');
  await untilAnswers(service, '/health/ready', 503);
  service.signal('SIGTERM');
  const { code } = await service.exited(2000);
  assert.notEqual(code, 0);
});

async function lastStage(): Promise<Stage> {
  const stage = parseDockerfile(await read('Dockerfile')).at(-1);
  assert.ok(stage, 'the Dockerfile has a stage');
  return stage;
}

leaf('dockerfile', 'the image is small, unprivileged, and holds no secret', async () => {
  const text = await read('Dockerfile');
  const stage = await lastStage();
  const images = [...text.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image);
  assert.ok(images.length > 1, 'it is built in more than one stage');
  for (const image of images) assert.match(image, /:(?!latest$)[\w.-]+$|@sha256:/, 'each base image has a tag');
  assert.match(text, /npm ci\b.*--omit[= ]dev/);
  assert.match(instruction(stage, 'USER') ?? 'root', /^(?!root\b|0\b)\w+/);
  assert.doesNotMatch(text, /^(ENV|ARG)\s.*(SECRET|TOKEN|PASSWORD|DATABASE_URL)/im);
  const ignored = await read('.dockerignore');
  assert.match(ignored, /^\*$|^(\*\*\/)?\.env/m, '.env stays out of it');
});

leaf('dockerfile', 'what it copies is enough: its CMD gets ready, is found healthy, and drains', async ({ kit, env }) => {
  const stage = await lastStage();
  const { folder, remove } = await layOutImage();
  try {
    const service = await kit.start(env, { command: execForm(stage, 'CMD'), folder });
    const check = await runCommand(execForm(stage, 'HEALTHCHECK'), { ...env, PORT: new URL(service.url).port }, { folder });
    assert.equal(check.code, 0, check.output);
    service.signal('SIGTERM');
    assert.equal((await service.exited()).code, 0);
  } finally {
    await remove();
  }
});

leaf('procfile', 'names a release command that migrates and a web process that gets ready', async ({ kit, env }) => {
  const entries = [...(await read('Procfile')).matchAll(/^(\w+):\s*(.+)$/gm)].map(([, name, command]) => [name, command?.split(/\s+/) ?? []] as const);
  const commands = new Map(entries);
  const release = await runCommand(commands.get('release') ?? [], env);
  assert.equal(release.code, 0, release.output);
  const service = await kit.start(env, { command: commands.get('web') ?? [] });
  service.signal('SIGTERM');
  assert.equal((await service.exited()).code, 0, 'the web process itself receives the signal');
});

leaf('railway', 'builds the Dockerfile, releases first, waits for ready, and leaves time to drain', async ({ kit, env }) => {
  const { build, deploy } = JSON.parse(await read('railway.json')) as {
    build: { builder: string };
    deploy: { preDeployCommand: string | string[]; healthcheckPath: string; drainingSeconds: number };
  };
  assert.equal(build.builder, 'DOCKERFILE');
  const command = [deploy.preDeployCommand].flat().join(' ');
  assert.equal((await runCommand(command.split(' '), env)).code, 0);
  const service = await kit.start(env);
  bodyOf(await service.client.get(deploy.healthcheckPath));
  assert.ok(deploy.drainingSeconds >= 10);
});
