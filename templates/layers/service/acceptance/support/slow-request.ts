import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { until } from './poll.ts';
import type { Service } from './processes.ts';

export interface SlowRequest {
  readonly request: ClientRequest;
  readonly answer: Promise<IncomingMessage>;
}

/** Sends a request but for the end of its body, and returns once the service has begun with it. */
export async function openSlowRequest(service: Service, path: string): Promise<SlowRequest> {
  const headers = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked', Expect: '100-continue' };
  const slow = request(service.url + path, { method: 'POST', headers });
  const answer = once(slow, 'response').then(([response]) => response as IncomingMessage);
  slow.flushHeaders();
  await once(slow, 'continue');
  slow.write('{"email":"');
  return { request: slow, answer };
}

export async function untilRefused(service: Service): Promise<void> {
  await until('new connections are refused', async () => service.client.get('/health/live').then(() => false, () => true));
}
