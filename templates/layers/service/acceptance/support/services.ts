import { once } from 'node:events';
import { connect } from 'node:net';
import { CannotRun } from './errors.ts';
import { within } from './limits.ts';
import { list, parseRecord, readRecord, word } from './records.ts';

const PROJECT_RECORD = 'project.yml';
const PATIENCE_S = 5;

interface Known {
  readonly variable: string;
  readonly title: string;
  readonly port: number;
}

const KNOWN: Readonly<Record<string, Known>> = Object.freeze({
  postgresql: { variable: 'ACCEPTANCE_DATABASE_URL', title: 'PostgreSQL', port: 5432 },
  redis: { variable: 'ACCEPTANCE_REDIS_URL', title: 'Redis', port: 6379 },
  rabbitmq: { variable: 'ACCEPTANCE_AMQP_URL', title: 'RabbitMQ', port: 5672 },
});

/**
 * Returns the URL of a server that the suite may use as it likes. A remote one could be
 * somebody's production, so it takes an explicit word.
 */
export function serviceUrl(name: string): URL {
  const known = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
  if (!known) throw new CannotRun(3, `nobody knows how to find the service ${name}`);
  const value = process.env[known.variable];
  if (!value || !URL.canParse(value)) throw new CannotRun(4, `${known.variable} must be the URL of a ${known.title} that the suite may use as it likes`);
  const url = new URL(value);
  if (!isLoopback(url) && !process.env['ACCEPTANCE_ALLOW_REMOTE']) {
    throw new CannotRun(4, `${url.hostname} is not this machine; add -- --allow-remote if the suite may use it`);
  }
  return url;
}

/** Sees to it that every service that the project needs is there. */
export async function requireServices(): Promise<void> {
  const text = (await readRecord(PROJECT_RECORD)) ?? 'schema: 1\n';
  const services = list(PROJECT_RECORD, parseRecord(PROJECT_RECORD, text)['services'] ?? [], 'services');
  for (const [index, value] of services.entries()) await requireAnswer(word(PROJECT_RECORD, value, `services[${index}]`, /^[a-z0-9-]+$/));
}

async function requireAnswer(name: string): Promise<void> {
  const url = serviceUrl(name);
  const { variable, title, port } = KNOWN[name] ?? { variable: name, title: name, port: 0 };
  const socket = connect({ host: url.hostname.replaceAll(/^\[|\]$/g, ''), port: Number(url.port) || port });
  try {
    await within(PATIENCE_S, 'nobody answered', once(socket, 'connect'));
  } catch (error) {
    throw new CannotRun(4, `no ${title} answers at ${variable}: ${String(error)}`, { cause: error });
  } finally {
    socket.destroy();
  }
}

function isLoopback({ hostname, searchParams }: URL): boolean {
  const host = searchParams.get('host') ?? hostname;
  return host === '' || host.startsWith('/') || host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}
