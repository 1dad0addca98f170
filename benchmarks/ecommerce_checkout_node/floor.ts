// Runs the statements of recorded checkouts again, over a pool as large as the service's, and prints
// the milliseconds that took. Each time they are of a new order: its key and its id take the place
// of the recorded ones, wherever these stand.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Pool, type PoolClient } from 'pg';

interface Statement {
  readonly text: string;
  readonly rowMode?: 'array';
  readonly values: readonly unknown[];
}

const MAKES_THE_ORDER = /insert into orders\b/i;
const [orders = '0', size = '0'] = process.argv.slice(2);
const recorded = JSON.parse(readFileSync('recorded.json', 'utf8')) as readonly { readonly key: string; readonly orderId: string; readonly statements: readonly Statement[] }[];
const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: Number(size) });
let left = Number(orders);

async function again(client: PoolClient, { key, orderId, statements }: (typeof recorded)[number]): Promise<void> {
  const newKey = randomUUID();
  let newId = orderId;
  for (const { text, rowMode, values } of statements) {
    const { rows } = await client.query({ text, ...(rowMode && { rowMode }), values: values.map((value) => renewed(value, (known) => known.replaceAll(key, newKey).replaceAll(orderId, newId))) });
    if (MAKES_THE_ORDER.test(text)) newId = String((rows as unknown[][])[0]?.[0]);
  }
}

function renewed(value: unknown, renew: (known: string) => string): unknown {
  if (typeof value === 'string') return renew(value);
  if (typeof value === 'object' && value !== null && 'bytes' in value) return Buffer.from(String(value.bytes), 'base64');
  return typeof value === 'object' && value !== null ? JSON.parse(renew(JSON.stringify(value))) : value;
}

async function buy(checkout: (typeof recorded)[number]): Promise<void> {
  while (left > 0) {
    left -= 1;
    const client = await pool.connect();
    await again(client, checkout).finally(() => client.release());
  }
}

await Promise.all(Array.from({ length: Number(size) }, () => pool.connect())).then((clients) => clients.forEach((client) => client.release()));
const begun = performance.now();
await Promise.all(recorded.map(buy));
process.stdout.write(String(performance.now() - begun), () => process.exit(0));
