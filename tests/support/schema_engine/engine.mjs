#!/usr/bin/env node
// Stands in for the schema engine of Prisma where that cannot be downloaded: the same engine, as
// WebAssembly, over the driver adapter for PostgreSQL. It speaks with the CLI of Prisma as the
// native one does, by lines of JSON-RPC, and knows what the tests ask for: `migrate status`,
// `deploy`, `resolve` and `diff`. Its packages are those of the package.json beside it.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';

const METHODS = new Set(['diagnoseMigrationHistory', 'applyMigrations', 'markMigrationRolledBack', 'diff']);
// The type `"char"` of the catalogue, which the adapter does not know, and one that it reads as text.
const [CHAR, BPCHAR] = [18, 1042];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { datasource: { type: 'string' }, datamodels: { type: 'string', multiple: true, default: [] } },
});
const { url } = JSON.parse(values.datasource);

let characters = [];
const { handleRowDescription } = pg.Query.prototype;
pg.Query.prototype.handleRowDescription = function (message) {
  characters = message.fields.map(({ dataTypeID }) => dataTypeID === CHAR);
  for (const field of message.fields) if (field.dataTypeID === CHAR) field.dataTypeID = BPCHAR;
  return handleRowDescription.call(this, message);
};

async function onServer(sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function connect(connectionString, afterwards = async () => {}) {
  const pool = new pg.Pool({ connectionString, max: 1 });
  const adapter = await new PrismaPg(pool).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    queryRaw: async (query) => {
      const result = await queryRaw(query);
      return { ...result, columnTypes: result.columnTypes.map((type, index) => (characters[index] ? ColumnTypeEnum.Character : type)) };
    },
    // Whole: cut at each semicolon, as the adapter's own does, a function would fall apart.
    executeScript: async (script) => void (await pool.query(script)),
    dispose: async () => {
      if (pool.ending) return;
      await pool.end();
      await afterwards();
    },
  });
}

const open = new Set();

async function tracked(adapter) {
  open.add(await adapter);
  return adapter;
}

function connectToShadowDb() {
  const name = `prisma_migrate_shadow_db_${randomUUID()}`;
  const opening = async () => {
    await onServer(`create database "${name}"`);
    return connect(Object.assign(new URL(url), { pathname: `/${name}` }).href, () => onServer(`drop database "${name}" with (force)`));
  };
  return tracked(opening());
}

const factory = bindMigrationAwareSqlAdapterFactory({
  provider: 'postgres',
  adapterName: '@prisma/adapter-pg',
  connect: () => tracked(connect(url)),
  connectToShadowDb,
});

const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

async function answer({ id, method, params }) {
  try {
    if (!METHODS.has(method)) throw new Error(`this stand-in does not know ${method}`);
    const datamodels = values.datamodels.map((file) => [file, readFileSync(file, 'utf8')]);
    const engine = await SchemaEngine.new({ datamodels: datamodels.length > 0 ? datamodels : undefined }, () => {}, factory);
    const { stdout, ...result } = await engine[method](params);
    if (stdout) say({ id: id + 1_000_000, method: 'print', params: { content: stdout } });
    say({ id, result });
  } catch (error) {
    const cause = factory.errorRegistry.consumeError(error?.id)?.error ?? error;
    const data = { is_panic: false, message: String(cause?.message ?? cause), error_code: error?.code, meta: error?.meta };
    say({ id, error: { code: 4466, message: 'see data', data } });
  } finally {
    for (const adapter of open) await adapter.dispose();
    open.clear();
  }
}

if (positionals.includes('can-connect-to-database')) {
  await onServer('select 1');
} else {
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    if (message.method) await answer(message);
  }
}
