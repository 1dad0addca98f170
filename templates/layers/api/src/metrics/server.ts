import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from './metrics.ts';

/** Serves `/metrics` on a port of its own, so that it can stay inside while the API is public. */
export async function serveMetrics({ registry }: Metrics, { metricsPort, host }: Config, log: Logger): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end();
    registry.metrics().then(
      (text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  // It never keeps a process alive that has nothing else to do.
  server.unref().listen(metricsPort, host);
  await once(server, 'listening');
  log.info(`metrics on http://${host}:${(server.address() as AddressInfo).port}/metrics`);
  return server;
}
