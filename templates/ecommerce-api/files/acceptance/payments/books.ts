import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from '../people.ts';
import { pick, together, Troubles, withAccident, type Accident } from '../orders/storm.ts';
import { at, checkOut, product, put } from '../orders/world.ts';
import type { TestDatabase } from '../support/database.ts';
import type { Client } from '../support/http.ts';
import { calm, Postman } from './calm.ts';
import { makePayingShop, type Leaf, type PayingShop } from './world.ts';

const ROUNDS = 30;
const PACE_MS = 40;

/** What must never be when everything has come to its end: no row may come out of these. */
const NEVER: Readonly<Record<string, string>> = Object.freeze({
  'each order that was ever paid has one captured payment, of its total': `
    select o.number, p.status, p.captured_minor from order_transitions t join orders o on o.id = t.order_id left join payments p on p.order_id = o.id
    where t.to_status = 'PAID' and t.from_status = 'PENDING_PAYMENT' and (p.status, p.captured_minor, p.currency) is distinct from ('captured', o.total_minor, o.currency)`,
  'an order that ended unpaid keeps no money that nobody tries to give back': `
    select o.number, p.captured_minor from orders o join payments p on p.order_id = o.id
    where o.status in ('CANCELLED', 'EXPIRED') and p.captured_minor > coalesce((select sum(amount_minor) from refunds r where r.payment_id = p.id), 0)`,
  'what is given back is what the refunds say, and never more than was taken': `
    select p.id, p.refunded_minor from payments p left join refunds r on r.payment_id = p.id and r.status <> 'failed'
    group by p.id having p.refunded_minor <> coalesce(sum(r.amount_minor), 0) or p.refunded_minor > p.captured_minor`,
  'the status of an order says how much of its money is back': `
    select o.number, o.status, p.captured_minor, p.refunded_minor from orders o join payments p on p.order_id = o.id
    where (o.status = 'REFUNDED') <> (o.status not in ('CANCELLED', 'EXPIRED') and p.captured_minor > 0 and p.refunded_minor = p.captured_minor)
      or (o.status in ('PAID', 'PARTIALLY_REFUNDED') and (o.status = 'PAID') <> (p.refunded_minor = 0))`,
  'nothing is left to be done': `select topic, last_error from outbox`,
});

async function assertBooks({ database, stripe }: PayingShop): Promise<void> {
  for (const [rule, query] of Object.entries(NEVER)) assert.deepEqual(await database.query(query), [], rule);
  const rows = await paymentsOf(database);
  const { account } = stripe;
  for (const { id, metadata, status, amount_received: received } of account.intents.values()) {
    const row = rows.find(({ orderId }) => orderId === metadata['orderId']);
    assert.deepEqual([account.intentsOf(metadata['orderId'] ?? '').length, row?.captured, row?.refunded], [1, received, account.refunded(id)], `${id} is ${status}`);
  }
  const taken = rows.reduce((sum, { captured }) => sum + captured, 0);
  assert.equal(taken, [...account.intents.values()].reduce((sum, { amount_received: received }) => sum + received, 0), 'as much as Stripe took');
}

const paymentsOf = ({ query }: TestDatabase) =>
  query<{ orderId: string; captured: number; refunded: number }>('select order_id as "orderId", captured_minor as captured, refunded_minor as refunded from payments');

/** Each order is of goods that nobody else wants: here it is the money that everyone fights for. */
async function manyGoods(shop: PayingShop, many: number): Promise<string[]> {
  const { id } = await product(shop);
  const skus = Array.from({ length: many }, () => randomUUID().toUpperCase());
  await shop.database.query("insert into variants (product_id, sku, price_minor, currency, on_hand) select $1, unnest($2::text[]), $3, 'EUR', 10", [id, skus, shop.random.int(50, 3000)]);
  return skus;
}

async function buy(shop: PayingShop, buyer: Person, goods: string[], troubles: Troubles): Promise<void> {
  const { random } = shop;
  const mine: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await pause(PACE_MS);
    const client = at(shop, buyer, random.int(0, 1));
    for (const sku of goods.splice(0, random.int(1, 2))) await troubles.watch('put', put(client, sku, random.int(1, 3)));
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: random.int(1, 2) }, (_, n) => troubles.watch('checkout', checkOut(at(shop, buyer, n), key))));
    mine.push(...new Set(answers.flatMap((answer) => (answer?.status === 201 ? [answer.body.id] : []))));
    const some = pick(random, mine) ?? randomUUID();
    await troubles.watch('next', client.post(`/v1/orders/${some}/${random.pick(['cancel', 'payment', 'payment'])}`));
  }
}

async function keep(shop: PayingShop, troubles: Troubles, isOver: () => boolean): Promise<void> {
  const { random, staff, database } = shop;
  const query = "select id from orders where status not in ('CANCELLED', 'EXPIRED', 'PENDING_PAYMENT') order by md5(id::text || $1) limit 1";
  while (!isOver()) {
    const [some] = await database.query<{ id: string }>(query, [random.word()]);
    const clients = [0, 1].map((process) => at(shop, staff, process));
    const [path, amount] = [`/v1/orders/${some?.id ?? randomUUID()}`, random.pick([{}, { amountMinor: random.int(1, 2000) }])];
    const refund = (client: Client) => troubles.watch('refund', client.post(`${path}/refunds`, { ...amount, reason: 'storm' }, { 'Idempotency-Key': randomUUID() }));
    const move = (client: Client) => troubles.watch('move', client.post(`${path}/${random.pick(['fulfil', 'ship', 'deliver'])}`));
    await Promise.all(clients.map(random.pick([refund, move, move])));
    await pause(PACE_MS);
  }
}

/** What customers and banks do, and an outage now and then. */
async function world({ stripe, random }: PayingShop, isOver: () => boolean): Promise<void> {
  const { account } = stripe;
  while (!isOver()) {
    const open = pick(random, [...account.intents.values()].filter(({ status }) => status === 'requires_payment_method' || status === 'processing'));
    const refund = pick(random, [...account.refunds.values()].filter(({ status }) => status === 'pending'));
    if (refund) account.settle(refund.id, random.pick(['succeeded', 'succeeded', 'failed']));
    if (open) random.pick([() => account.pay(open.id), () => account.decline(open.id), () => account.decline(open.id), () => account.process(open.id)])();
    // As if a cancellation had come too late.
    const cancelled = pick(random, [...account.intents.values()].filter(({ status }) => status === 'canceled'));
    if (cancelled && random.int(0, 19) === 0) account.pay(cancelled.id, { even: true });
    if (random.int(0, 30) === 0) stripe.down();
    else stripe.up();
    await pause(PACE_MS);
  }
  stripe.up();
}

async function storm({ shop, accident }: Accident<PayingShop>, postman: Postman): Promise<void> {
  const goods = await manyGoods(shop, shop.buyers.length * ROUNDS * 2);
  const troubles = new Troubles();
  let over = false;
  const working = together(...shop.buyers.map((buyer) => buy(shop, buyer, goods, troubles)), accident()).finally(() => (over = true));
  await together(working, keep(shop, troubles, () => over), world(shop, () => over), postman.work(() => over));
  assert.deepEqual(troubles.seen, []);
}

export const books: readonly Leaf[] = [
  {
    id: 'books',
    title: 'after a storm of everything at once, with a process killed and Stripe away in it, they balance',
    body: async ({ kit }) => {
      const stormy = withAccident(await makePayingShop(kit, { PAYMENT_SECONDS: '4' }), "select 1 from payments where status = 'captured'");
      const { shop } = stormy;
      const postman = new Postman(shop);
      await storm(stormy, postman);
      await calm(shop, postman);
      await assertBooks(shop);
      const told = await shop.database.query<{ outcome: string }>('select distinct outcome from stripe_events');
      const outcomes = told.map(({ outcome }) => outcome);
      assert.ok(['paid', 'refund'].every((outcome) => outcomes.includes(outcome)) && outcomes.length > 3, `it was a storm: ${outcomes.join()}`);
    },
  },
];
