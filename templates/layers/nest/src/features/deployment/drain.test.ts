import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import pino from 'pino';
import { drain } from './drain.ts';

const log = pino({ level: 'silent' });

test('a running request is finished before anything that it uses is closed', async () => {
  const order: string[] = [];
  const arrived = Promise.withResolvers<ServerResponse>();
  const server = createServer((_request, response) => arrived.resolve(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const response = await arrived.promise;
  const drained = drain({ server, log, close: async () => void order.push('closed') }, 0);
  await once(server, 'close', { signal: AbortSignal.timeout(100) }).catch(() => order.push('still waiting'));
  response.on('finish', () => order.push('answered')).end('done');
  assert.equal(await (await answer).text(), 'done');
  assert.equal(await drained, true);
  assert.deepEqual(order, ['still waiting', 'answered', 'closed']);
});

test('with nothing to wait for it is over at once', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  assert.equal(await drain({ server, log, close: async () => {} }, 0), true);
  assert.equal(server.listening, false);
});

test('without a server there are only jobs to wait for, and nobody to tell', async () => {
  const jobs = Promise.withResolvers<void>();
  const drained = drain({ log, close: () => jobs.promise }, 60_000);
  jobs.resolve();
  assert.equal(await drained, true);
});

test('what does not end is cut off when the time is up, and that is told', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await once(server, 'request');
  assert.equal(await drain({ server, log, close: async () => {} }, 0, 50), false);
  await assert.rejects(cut);
  assert.equal(await drain({ log, close: () => new Promise(() => {}) }, 0, 50), false);
});
