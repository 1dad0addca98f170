import express, { type Express, type Router } from 'express';
import type { Config } from './config.ts';
import { api, credentialFor, type Features } from './features/index.ts';
import { notFound, reportErrors } from './http/errors.ts';
import { health } from './http/health.ts';
import { logRequests } from './http/logging.ts';
import { withRequestId } from './http/request-id.ts';
import { securityHeaders } from './http/security-headers.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics/metrics.ts';
import { describeApi } from './openapi/document.ts';
import { platform } from './openapi/platform.ts';
import { documentation } from './openapi/routes.ts';
import type { Database } from './ports/database.ts';

export interface Parts {
  readonly config: Config;
  readonly log: Logger;
  readonly db: Database;
  readonly features: Features;
  readonly metrics?: Metrics | undefined;
}

/** The routers that are reached by identified callers only, and where. */
export const identifiedRoutes = ({ auth, projects, tasks }: Features): Readonly<Record<string, Router>> =>
  Object.freeze({ '/v1/users': auth.users, '/v1/projects': projects, '/v1/tasks': tasks });

export function createApp({ config, log, db, features, metrics }: Parts): Express {
  const described = [platform, ...api];
  const app = express();
  app.disable('x-powered-by');
  // An ETag here is the version of a resource, never a hash of the bytes.
  app.disable('etag');
  app.set('trust proxy', config.trustedProxies);
  app.set('query parser', 'simple');

  if (metrics) app.use(metrics.countRequests(described.flatMap(({ operations }) => operations)));
  app.use(withRequestId, logRequests(log), securityHeaders);
  app.use('/health', health({ db, log, accepting: features.lifecycle.accepting }));
  app.use(documentation(describeApi(described, credentialFor(config))));
  app.use('/v1/auth', features.validation.readBody, features.auth.sessions);
  app.use('/v1', features.auth.authenticate, features.validation.readBody);
  for (const [path, router] of Object.entries(identifiedRoutes(features))) app.use(path, router);
  app.use(notFound, reportErrors(log));
  return app;
}
