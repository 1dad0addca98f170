import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import express, { type Express } from 'express';
import pino from 'pino';
import { readConfig } from '../config.ts';
import { createValidation } from '../features/validation/index.ts';
import { reportErrors } from '../http/errors.ts';
import type { Context } from '../ports/context.ts';
import type { Database } from '../ports/database.ts';
import { identify } from '../ports/identity.ts';
import { testDatabase } from './database.ts';

const servers: Server[] = [];

after(() => servers.forEach((server) => server.close()));

/** Serves an app on a free port and returns its address. */
export async function serve(app: RequestListener): Promise<string> {
  const server = createServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function testContext(variables: NodeJS.ProcessEnv = {}): Promise<Context> {
  return {
    config: readConfig({ NODE_ENV: 'test', ...variables }),
    log: pino({ level: 'silent' }),
    db: await testDatabase(),
    validation: createValidation(),
  };
}

/** An app in which everyone is who the header `x-user` says. */
export function appFor(context: Context, mount: (app: Express) => void): Express {
  const app = express().disable('etag').set('query parser', 'simple');
  app.use((request, _response, next) => {
    identify(request, { userId: request.get('x-user') ?? '' });
    next();
  }, context.validation.readBody);
  mount(app);
  return app.use(reportErrors(context.log));
}

export async function createUser(db: Database): Promise<string> {
  const id = randomUUID();
  await db.query("insert into users (id, email, password_hash) values ($1, $2, '!')", [id, `${id}@example.test`]);
  return id;
}
