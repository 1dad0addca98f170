// Makes buyers by the API, and by SQL what is for sale and a cart for each of them. A trigger fills
// a cart again as soon as a checkout has emptied it, which costs the service and the bare
// statements the same. Prints who the buyers are.
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

const [base = '', buyers = '0', lines = '0'] = process.argv.slice(2);
const GOODS = 60;

async function call(path: string, body?: object, token = ''): Promise<Record<string, string>> {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
  const response = await fetch(`${base}/v1${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, string>;
}

async function newBuyer(): Promise<{ readonly id: string; readonly token: string }> {
  const account = { email: `${randomUUID()}@example.test`, password: randomUUID() };
  await call('/auth/register', account);
  const { accessToken: token = '' } = await call('/auth/login', account);
  const { id = '' } = await call('/users/me', undefined, token);
  return { id, token };
}

const database = new Client({ connectionString: process.env['DATABASE_URL'] });
await database.connect();
await database.query(`
  with product as (insert into products (slug, title, status) values ('benchmark', 'Benchmark', 'published') returning id)
  insert into variants (product_id, sku, title, price_minor, currency, on_hand)
  select id, 'BENCHMARK-' || n, 'Size ' || n, 1000 + n, 'EUR', 1000000000 from product, generate_series(1, ${GOODS}) n`);
await database.query(`
  create function fill_again() returns trigger language plpgsql as $$ begin insert into cart_items select (old).*; return null; end $$;
  create trigger fill_again after delete on cart_items for each row execute function fill_again()`);

const made = [];
for (let count = 0; count < Number(buyers); count += 1) {
  const buyer = await newBuyer();
  await database.query('insert into carts (user_id) values ($1)', [buyer.id]);
  await database.query('insert into cart_items (user_id, variant_id, quantity) select $1, id, 2 from (select id from variants order by random() limit $2) v', [buyer.id, Number(lines)]);
  made.push(buyer);
}
await database.end();
process.stdout.write(JSON.stringify(made));
