// Makes a product by SQL, has the service cache it, and keeps the same text for the bare handler.
// Prints its slug.
import { Client } from 'pg';
import { createClient } from 'redis';

const [base = ''] = process.argv.slice(2);
const SLUG = 'benchmark';
const PATIENCE_MS = 10_000;

const database = new Client({ connectionString: process.env['DATABASE_URL'] });
await database.connect();
await database.query(
  `with product as (
     insert into products (slug, title, description, status) values ($1, 'Benchmark', repeat('x', 600), 'published') returning id)
   insert into variants (product_id, sku, title, price_minor, currency)
   select id, 'BENCHMARK-' || n, 'Size ' || n, 1000 + n, 'EUR' from product, generate_series(1, 6) n`,
  [SLUG],
);
await database.end();

// Not before the service has found Redis.
const deadline = performance.now() + PATIENCE_MS;
let answer = await fetch(`${base}/v1/products/${SLUG}`);
while (answer.headers.get('x-cache') !== 'HIT') {
  if (!answer.ok || performance.now() > deadline) throw new Error(`${answer.status} ${await answer.text()}`);
  answer = await fetch(`${base}/v1/products/${SLUG}`);
}

const redis = await createClient({ url: process.env['REDIS_URL'] ?? '' }).connect();
await redis.set(`bare:${SLUG}`, await answer.text());
await redis.close();
process.stdout.write(SLUG);
