import { randomBytes } from 'node:crypto';
import { Client, Pool } from 'pg';
import { serviceUrl } from './services.ts';

const LONGEST_RUN_S = 3600;

export interface TestDatabase {
  readonly url: string;
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** A connection of its own, to hold a lock or a transaction open. */
  connect(): Promise<Client>;
  drop(): Promise<void>;
}

/** The server that the suite makes databases on. */
export const serverUrl = (): URL => serviceUrl('postgresql');

export async function createDatabase(): Promise<TestDatabase> {
  const name = `${runPrefix()}_${randomBytes(4).toString('hex')}`;
  await onServer((client) => client.query(`create database ${name}`));
  const url = Object.assign(serverUrl(), { pathname: name }).href;
  const pool = new Pool({ connectionString: url, max: 2 });
  pool.on('error', () => {});
  return Object.freeze({
    url,
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) => (await pool.query(text, [...values])).rows as Row[],
    connect: async () => {
      const client = new Client({ connectionString: url });
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    drop: async () => {
      await pool.end();
      await onServer((client) => client.query(`drop database if exists ${name} with (force)`));
    },
  });
}

/**
 * Drops what test files of this run could not drop themselves, because they were killed, and
 * what earlier runs left that were killed as a whole.
 */
export async function dropLeftovers(): Promise<void> {
  const oldest = Math.floor(Date.now() / 1000) - LONGEST_RUN_S;
  await onServer(async (client) => {
    const { rows } = await client.query<{ datname: string }>("select datname from pg_database where starts_with(datname, 'acceptance_')");
    for (const { datname } of rows) {
      const started = /^acceptance_(\d+)_\d+_[0-9a-f]+$/.exec(datname)?.[1];
      const abandoned = started !== undefined && Number(started) < oldest;
      if (abandoned || datname.startsWith(`${runPrefix()}_`)) await client.query(`drop database if exists ${datname} with (force)`);
    }
  });
}

export async function onServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: serverUrl().href, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const runPrefix = (): string => `acceptance_${process.env['ACCEPTANCE_RUN'] ?? newRun()}`;

/** Names a run by when it began and by its process; its databases carry that name. */
export const newRun = (): string => `${Math.floor(Date.now() / 1000)}_${process.pid}`;
