import path from 'node:path';
import { z } from 'zod';
import { manifest } from './manifest.ts';

// Words of six letters and more: shorter ones would turn up in random values, too.
const PLACEHOLDER = /change|example|placeholder|replace|secret|password/i;

const whole = (min: number, max: number) => z.string().regex(/^\d+$/, 'must be a whole number').transform(Number).pipe(z.int().min(min).max(max));

const secret = z
  .string()
  .min(32, 'must have at least 32 characters')
  .refine((value) => !PLACEHOLDER.test(value), 'looks like an example; generate a random value')
  .optional();

const Environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().optional(),
  PORT: whole(0, 65535).default(manifest.config.port),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_POOL_SIZE: whole(1, 100).default(10),
  REPOSITORY: z.enum(['sql', 'prisma']).default('sql'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  METRICS_PORT: whole(0, 65535).optional(),
  TRUSTED_PROXIES: whole(0, 10).default(0),
  DRAIN_DELAY_MS: whole(0, 60_000).optional(),
  JWT_SECRET: secret,
  DEMO_TOKEN: secret,
});

/** The variables that are read, for whoever documents them. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape);

export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Without one, the service runs on an embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly databasePoolSize: number;
  readonly dataDir: string;
  /** What keeps projects and tasks: SQL by hand, or Prisma's models. */
  readonly repository: 'sql' | 'prisma';
  readonly logLevel: string;
  /** Where metrics are served, apart from the API; nowhere without one. */
  readonly metricsPort: number | undefined;
  /** How many proxies stand in front; that many entries of X-Forwarded-For are believed. */
  readonly trustedProxies: number;
  /** How long to answer "not ready" before new connections are refused. */
  readonly drainDelayMs: number;
  readonly jwtSecret: string | undefined;
  readonly demoToken: string | undefined;
}

/** The environment is not fit to run in; the message is for whoever set it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export function readConfig(variables: NodeJS.ProcessEnv): Config {
  const parsed = Environment.safeParse(withoutEmpty(variables));
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  }
  const values = parsed.data;
  const production = values.NODE_ENV === 'production';
  if (production && !values.DATABASE_URL) {
    throw new ConfigError('DATABASE_URL: must be set in production');
  }
  if (values.REPOSITORY === 'prisma' && !values.DATABASE_URL) {
    throw new ConfigError('DATABASE_URL: must be set for REPOSITORY=prisma, which does not know the embedded database');
  }
  return Object.freeze({
    production,
    // Development listens on this machine alone; a container has to listen everywhere.
    host: values.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: values.PORT,
    databaseUrl: values.DATABASE_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    repository: values.REPOSITORY,
    dataDir: path.join(import.meta.dirname, '..', '.data'),
    logLevel: values.LOG_LEVEL,
    metricsPort: values.METRICS_PORT,
    trustedProxies: values.TRUSTED_PROXIES,
    drainDelayMs: values.DRAIN_DELAY_MS ?? (production ? 2000 : 0),
    jwtSecret: values.JWT_SECRET,
    demoToken: values.DEMO_TOKEN,
  });
}

// `NAME=` in a .env file means "not set", as it does in most shells' scripts.
function withoutEmpty(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
}
