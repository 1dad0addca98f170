import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { newProduct, type Product, type Wanted } from '../catalog-world.ts';
import { people, register, type People, type Person } from '../people.ts';
import type { TestDatabase } from '../support/database.ts';
import { bodyOf, type Answer, type Client } from '../support/http.ts';
import { until } from '../support/poll.ts';
import type { Service } from '../support/processes.ts';
import type { Random } from '../support/random.ts';
import { requireBuilt, type Kit } from '../support/suite.ts';

/** Two processes of the service on one database: what one of them does, the other must bear. */
export interface Shop extends People {
  readonly random: Random;
  readonly kit: Kit;
  readonly database: TestDatabase;
  readonly services: readonly [Service, Service];
  readonly env: Readonly<Record<string, string>>;
  /** Who may buy; while `auth` is a stub these are the customer, the staff and the admin. */
  readonly buyers: readonly [Person, Person, Person, ...Person[]];
}

export interface Line {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitMinor: number;
  readonly lineMinor: number;
}

export interface Cart {
  readonly items: readonly Line[];
  readonly unavailable: readonly string[];
  readonly currency: string | null;
  readonly totalMinor: number;
  readonly version: number;
}

export interface Transition {
  readonly from: string | null;
  readonly to: string;
  readonly actor: string;
  readonly reason: string;
  readonly at: string;
}

export interface Order {
  readonly id: string;
  readonly number: number;
  readonly status: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly items: readonly Line[];
  readonly expiresAt: string;
  readonly placedAt: string;
  readonly version: number;
  readonly payment?: { readonly intentId: string; readonly clientSecret: string } | null;
  readonly transitions?: readonly Transition[];
}

export interface Leaf<World> {
  readonly id: string;
  readonly title: string;
  readonly body: (world: World) => Promise<void>;
}

export const makeOrderShop = (kit: Kit): Promise<Shop> => makeShop(kit, {});

/** The service, twice, with what its environment has besides. */
export async function makeShop(kit: Kit, more: Readonly<Record<string, string>>): Promise<Shop> {
  const database = await kit.database();
  const secret = randomBytes(32).toString('hex');
  const env = { NODE_ENV: 'development', DATABASE_URL: database.url, JWT_SECRET: secret, LOG_LEVEL: 'warn', ...more };
  const first = await kit.start(env);
  requireBuilt('catalog', await first.client.get('/v1/products'));
  requireBuilt('orders', await first.client.get('/v1/cart'));
  const second = await kit.start(env);
  const known = await people(first.client, database);
  return { ...known, random: kit.random, kit, database, env, services: [first, second], buyers: await findBuyers(known, first.client) };
}

async function findBuyers({ customer, staff, admin, registered }: People, client: Client): Promise<Shop['buyers']> {
  if (!registered) return [customer, staff, admin];
  return [customer, await register(client), await register(client), await register(client), await register(client)];
}

/** Requests of somebody, to one process or the other. */
export const at = ({ services }: Shop, { credential }: Person, process = 0): Client => (services[process % 2] ?? services[0]).client.with(credential);

/** A product with one variant, as the staff makes it. */
export const product = (shop: Shop, wanted: Wanted = {}): Promise<Product & { readonly sku: string }> => newProduct(shop.staff.api, shop.random, wanted);

export const put = (client: Client, sku: string, quantity = 1): Promise<Answer<Cart>> => client.put<Cart>(`/v1/cart/items/${sku}`, { quantity });

/** Puts these into a cart, and nothing else. */
export async function fill(client: Client, goods: readonly (readonly [sku: string, quantity: number])[]): Promise<Cart | undefined> {
  bodyOf(await client.delete('/v1/cart'), 204);
  let cart: Cart | undefined;
  for (const [sku, quantity] of goods) cart = bodyOf(await put(client, sku, quantity));
  return cart;
}

export const checkOut = (client: Client, key: string = randomUUID()): Promise<Answer<Order>> =>
  client.post<Order>('/v1/orders', {}, { 'Idempotency-Key': key });

/** An order of these, just placed. */
export async function placed(client: Client, ...goods: readonly (readonly [sku: string, quantity: number])[]): Promise<Order> {
  await fill(client, goods);
  return bodyOf(await checkOut(client), 201);
}

export const order = async ({ customer }: Shop, id: string): Promise<Order> => bodyOf(await customer.api.get<Order>(`/v1/orders/${id}`));

export async function statusOf({ database }: Shop, id: string): Promise<string | undefined> {
  const [row] = await database.query<{ status: string }>('select status from orders where id = $1', [id]);
  return row?.status;
}

export const untilStatus = (shop: Shop, id: string, status: string, withinMs = 20_000): Promise<true> =>
  until(`the order is ${status}`, async () => (await statusOf(shop, id)) === status, { withinMs });

export interface Level {
  readonly on_hand: number;
  readonly reserved: number;
}

/** How many there are of a variant, and how many of them are promised. */
export async function level({ database }: Shop, sku: string): Promise<readonly [onHand: number, reserved: number]> {
  const [row] = await database.query<Level>('select on_hand, reserved from variants where sku = $1', [sku]);
  assert.ok(row, `there is no ${sku}`);
  return [row.on_hand, row.reserved];
}

/** What orders did to the stock of a variant, in order. */
export async function movements({ database }: Shop, sku: string): Promise<readonly string[]> {
  const rows = await database.query<{ line: string }>(
    `select concat_ws(' ', m.kind, m.on_hand_delta, m.reserved_delta) as line
     from stock_movements m join variants v on v.id = m.variant_id where v.sku = $1 and m.order_id is not null order by m.id`,
    [sku],
  );
  return rows.map(({ line }) => line);
}

/** How many wait for somebody else's transaction. */
export async function waiting({ database }: Shop): Promise<number> {
  return (await database.query("select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")).length;
}

export const untilWaiting = (shop: Shop, many: number): Promise<true> => until(`${many} wait`, async () => (await waiting(shop)) >= many);

/** Holds the row of a variant, as another transaction would. Returns how to let go. */
export const hold = (shop: Shop, sku: string): Promise<() => Promise<void>> => holdRow(shop, 'select 1 from variants where sku = $1 for update', sku);

export async function holdRow({ database }: Shop, query: string, key: string): Promise<() => Promise<void>> {
  const holder = await database.connect();
  await holder.query('begin');
  await holder.query(query, [key]);
  return () => holder.end();
}

/** Makes an order PAID, with what that means for the stock, where no payments are taken. */
export async function pay({ database }: Shop, id: string): Promise<void> {
  const client = await database.connect();
  try {
    await client.query('begin');
    const moved = await client.query("update orders set status = 'PAID', version = version + 1 where id = $1 and status = 'PENDING_PAYMENT'", [id]);
    if (moved.rowCount === 1) await sell(client, id);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

async function sell(client: Awaited<ReturnType<TestDatabase['connect']>>, id: string): Promise<void> {
  await client.query("insert into order_transitions (order_id, from_status, to_status, actor) values ($1, 'PENDING_PAYMENT', 'PAID', 'test')", [id]);
  const { rows } = await client.query<{ variant_id: string; quantity: number }>('select variant_id, quantity from order_items where order_id = $1 order by sku collate "C"', [id]);
  for (const { variant_id: variant, quantity } of rows) {
    await client.query('update variants set on_hand = on_hand - $2, reserved = reserved - $2 where id = $1', [variant, quantity]);
    await client.query("insert into stock_movements (variant_id, kind, on_hand_delta, reserved_delta, order_id) values ($1, 'sold', -$2::int, -$2::int, $3)", [variant, quantity, id]);
  }
}
