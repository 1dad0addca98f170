import path from 'node:path';
import { z } from 'zod';
import { manifest } from './manifest.ts';

// Words of six letters and more: shorter ones would turn up in random values, too.
const PLACEHOLDER = /change|example|placeholder|replace|secret|password/i;

const whole = (min: number, max: number) => z.string().regex(/^\d+$/, 'must be a whole number').transform(Number).pipe(z.int().min(min).max(max));

const random = z.string().refine((value) => !PLACEHOLDER.test(value), 'looks like an example; generate a random value');

const secret = random.min(32, 'must have at least 32 characters').optional();

const Environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  ROLE: z.enum(['all', 'web', 'worker']).default('all'),
  HOST: z.string().optional(),
  PORT: whole(0, 65535).default(manifest.config.port),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_POOL_SIZE: whole(1, 100).default(10),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  REDIS_KEY_PREFIX: z.string().regex(/^[\w:-]{1,50}$/, 'must be letters, digits, `_`, `-` and `:`').default('shop:'),
  CACHE_SECONDS: whole(1, 86_400).default(60),
  PAYMENT_SECONDS: whole(1, 86_400).default(1800),
  STRIPE_SECRET_KEY: random.regex(/^(sk|rk)_\w{16,}$/, 'is no secret key of Stripe').optional(),
  STRIPE_WEBHOOK_SECRET: random.regex(/^whsec_\w{16,}$/, 'is no signing secret of a webhook').optional(),
  STRIPE_HOST: z.url({ protocol: /^https?$/ }).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  METRICS_PORT: whole(0, 65535).optional(),
  TRUSTED_PROXIES: whole(0, 10).default(0),
  DRAIN_DELAY_MS: whole(0, 60_000).optional(),
  JWT_SECRET: secret,
  DEMO_TOKEN: secret,
});

/** The variables that are read, for whoever documents them. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape);

/** What the environment says, checked; a module asks for it in its constructor. */
export abstract class Config {
  abstract readonly production: boolean;
  /** Whether the process answers requests, does jobs, or both. */
  abstract readonly role: 'all' | 'web' | 'worker';
  abstract readonly host: string;
  abstract readonly port: number;
  /** Without one, the service runs on an embedded database in `dataDir`. */
  abstract readonly databaseUrl: string | undefined;
  abstract readonly databasePoolSize: number;
  abstract readonly dataDir: string;
  /** Without one, nothing is cached. */
  abstract readonly redisUrl: string | undefined;
  abstract readonly redisKeyPrefix: string;
  /** How long something that is cached is good at most. */
  abstract readonly cacheSeconds: number;
  /** How long goods are kept for an order that is not paid. */
  abstract readonly paymentSeconds: number;
  abstract readonly stripeSecretKey: string | undefined;
  abstract readonly stripeWebhookSecret: string | undefined;
  /** Where to find Stripe, if not at its own address. */
  abstract readonly stripeHost: string | undefined;
  abstract readonly logLevel: string;
  /** Where metrics are served, apart from the API; nowhere without one. */
  abstract readonly metricsPort: number | undefined;
  /** How many proxies stand in front; that many entries of X-Forwarded-For are believed. */
  abstract readonly trustedProxies: number;
  /** How long to answer "not ready" before new connections are refused. */
  abstract readonly drainDelayMs: number;
  abstract readonly jwtSecret: string | undefined;
  abstract readonly demoToken: string | undefined;
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
  return Object.freeze({
    production,
    role: values.ROLE,
    // Development listens on this machine alone; a container has to listen everywhere.
    host: values.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: values.PORT,
    databaseUrl: values.DATABASE_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    dataDir: path.join(import.meta.dirname, '..', '.data'),
    redisUrl: values.REDIS_URL,
    redisKeyPrefix: values.REDIS_KEY_PREFIX,
    cacheSeconds: values.CACHE_SECONDS,
    paymentSeconds: values.PAYMENT_SECONDS,
    stripeSecretKey: values.STRIPE_SECRET_KEY,
    stripeWebhookSecret: values.STRIPE_WEBHOOK_SECRET,
    stripeHost: values.STRIPE_HOST,
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
