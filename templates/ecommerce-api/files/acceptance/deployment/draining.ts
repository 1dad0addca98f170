import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { until } from '../support/poll.ts';
import { untilAnswers } from '../support/processes.ts';
import { openSlowRequest, untilRefused } from '../support/slow-request.ts';
import { leaf, released, usingUsers, type Leaf } from './world.ts';

const SLOW = '/v1/auth/login';
/** For how long load balancers keep a connection that is idle. */
const IDLE_S = 60;

export const draining: readonly Leaf[] = [
  leaf('drain', 'not ready first, then no new connections, and what runs is finished', async ({ kit, env }) => {
    const service = await kit.start(env);
    const slow = await openSlowRequest(service, SLOW);
    service.signal('SIGTERM');
    await untilAnswers(service, '/health/ready', 503);
    await untilRefused(service);
    slow.request.end('"}');
    assert.ok((await slow.answer).statusCode, 'the running request was answered');
    assert.deepEqual(await service.exited(), { code: 0, signal: null }, service.output());
  }),

  leaf('drain', 'a request that waits for the database is finished as well', async ({ kit, database, env }) => {
    const service = await kit.start(env);
    const holder = await database.connect();
    await holder.query('begin; lock table users in access exclusive mode');
    const answers = Promise.all(usingUsers(service, env));
    const waiting = () => database.query("select 1 from pg_locks where relation = 'users'::regclass and not granted");
    await until('a request waits for the lock', async () => (await waiting()).length > 0);
    service.signal('SIGTERM');
    await untilRefused(service);
    await holder.query('commit');
    await holder.end();
    for (const { status } of await answers) assert.ok(status < 500 || status === 501, `it was answered with ${status}`);
    assert.deepEqual(await service.exited(), { code: 0, signal: null }, service.output());
  }),

  leaf('drain', 'an idle connection does not hold it up, and no connection to the database is left', async ({ kit }) => {
    const { database, env } = await released(kit);
    const service = await kit.start(env);
    const agent = new Agent({ keepAlive: true });
    await askOver(agent, service.url);
    service.signal('SIGTERM');
    assert.deepEqual(await service.exited(15_000), { code: 0, signal: null }, service.output());
    agent.destroy();
    const left = 'select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
    await until('its connections are gone', async () => (await database.query(left)).length === 0);
  }),

  leaf('drain', 'until then, it keeps idle connections for longer than a load balancer does', async ({ kit, env }) => {
    const service = await kit.start(env);
    const agent = new Agent({ keepAlive: true });
    const { headers } = await askOver(agent, service.url);
    agent.destroy();
    assert.ok(Number(/timeout=(\d+)/.exec(String(headers['keep-alive']))?.[1]) > IDLE_S, `Keep-Alive: ${headers['keep-alive']}`);
  }),

  leaf('drain', 'a second signal ends it at once', async ({ kit, env }) => {
    const service = await kit.start(env);
    const slow = await openSlowRequest(service, SLOW);
    slow.answer.catch(() => {});
    service.signal('SIGTERM');
    await untilAnswers(service, '/health/ready', 503);
    service.signal('SIGTERM');
    const { code } = await service.exited(2000);
    assert.notEqual(code, 0);
  }),
];

async function askOver(agent: Agent, url: string): Promise<IncomingMessage> {
  const asked = request(`${url}/health/ready`, { agent }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  await response.toArray();
  return response;
}
