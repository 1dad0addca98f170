import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.ts';
import type { Config } from './config.ts';
import { logRequests } from './http/logging.ts';
import { readBody } from './http/read-body.ts';
import { withRequestId } from './http/request-id.ts';
import { securityHeaders } from './http/security-headers.ts';
import type { Logger } from './logger.ts';
import { createMetrics } from './metrics/metrics.ts';
import { serveMetrics } from './metrics/server.ts';
import { ApiDescription } from './openapi/api-description.ts';
import { NestLog } from './platform/nest-log.ts';
import { Lifecycle } from './ports/lifecycle.ts';

/** Runs what the process is there for: requests, jobs, or both. */
export async function serve(config: Config, log: Logger): Promise<void> {
  if (config.role === 'worker') return work(config, log);
  const app = await createApp(config, log);
  try {
    const server = await listen(app, config);
    app.get(Lifecycle).attach({ server, log, close: () => app.close() });
    log.info(`listening on http://${config.host}:${(server.address() as AddressInfo).port}`);
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function work(config: Config, log: Logger): Promise<void> {
  const app = await NestFactory.createApplicationContext(AppModule.with(config, log), { logger: new NestLog(log), abortOnError: false });
  app.get(Lifecycle).attach({ log, close: () => app.close() });
  log.info('working');
}

/** The application as it answers requests, not listening yet. */
export async function createApp(config: Config, log: Logger): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config, log), {
    bodyParser: false,
    logger: new NestLog(log),
    abortOnError: false,
  });
  if (config.metricsPort !== undefined) {
    const metrics = createMetrics();
    app.use(metrics.countRequests(app.get(ApiDescription).operations()));
    await serveMetrics(metrics, config, log);
  }
  configure(app, config, log);
  return app;
}

/** What every request meets before it reaches a controller. */
export function configure(app: NestExpressApplication, config: Config, log: Logger): void {
  app.disable('x-powered-by');
  // An ETag here is the version of a resource, never a hash of the bytes.
  app.disable('etag');
  app.set('trust proxy', config.trustedProxies);
  app.set('query parser', 'simple');
  app.use(withRequestId, logRequests(log), securityHeaders, readBody);
}

async function listen(app: NestExpressApplication, config: Config): Promise<Server> {
  await app.init();
  const server = app.getHttpServer() as Server;
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  server.listen(config.port, config.host);
  await once(server, 'listening');
  return server;
}
