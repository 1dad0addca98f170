import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import pino from 'pino';
import { AppModule } from '../app.module.ts';
import { readConfig } from '../config.ts';
import { OPEN_POOL } from '../db/tokens.ts';
import { configure } from '../serve.ts';
import { testDatabase } from './database.ts';

export interface TestApp {
  readonly app: NestExpressApplication;
  readonly url: string;
}

const log = pino({ level: 'silent' });

/**
 * The application on the database that all tests share, listening on a free port. It does no jobs
 * by itself, so that a test can say when. `change` may put something else in a provider's place.
 */
export async function startApp(
  variables: NodeJS.ProcessEnv = {},
  change: (module: TestingModuleBuilder) => TestingModuleBuilder = (module) => module,
): Promise<TestApp> {
  const config = readConfig({ NODE_ENV: 'test', ROLE: 'web', ...variables });
  const module = Test.createTestingModule({ imports: [AppModule.with(config, log)] });
  const testing = await change(module.overrideProvider(OPEN_POOL).useValue(await testDatabase())).compile();
  const app = testing.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false, abortOnError: false });
  configure(app, config, log);
  await app.init();
  const server = app.getHttpServer() as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { app, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export interface Reply<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Sends a request, with JSON where there is a body, and reads the answer. */
export async function call<Body = Record<string, unknown>>(
  { url }: TestApp,
  method: string,
  path: string,
  { body, headers = {} }: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Reply<Body>> {
  const response = await fetch(url + path, {
    method,
    headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : {}) as Body };
}
