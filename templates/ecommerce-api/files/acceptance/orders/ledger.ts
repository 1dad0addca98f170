import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Person } from '../people.ts';
import { until } from '../support/poll.ts';
import { assertLedger } from './invariants.ts';
import { pick, together, Troubles, withAccident, type Accident } from './storm.ts';
import { at, checkOut, makeShop, pay, product, put, type Leaf, type Shop } from './world.ts';

const ROUNDS = 25;
const MOVES = ['fulfil', 'ship', 'deliver'] as const;

async function buy(shop: Shop, buyer: Person, skus: readonly string[], troubles: Troubles): Promise<void> {
  const { random } = shop;
  const mine: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const client = at(shop, buyer, random.int(0, 1));
    const wishes = random.shuffle(skus).slice(0, random.int(1, 3));
    for (const sku of wishes) await troubles.watch('put', put(client, sku, random.int(1, 3)));
    const key = randomUUID();
    const tries = Array.from({ length: random.int(1, 3) }, (_, n) => troubles.watch('checkout', checkOut(at(shop, buyer, n), key)));
    const answers = await Promise.all(tries);
    mine.push(...new Set(answers.flatMap((answer) => (answer?.status === 201 ? [answer.body.id] : []))));
    if (random.int(0, 2) === 0) await troubles.watch('cancel', client.post(`/v1/orders/${pick(random, mine) ?? randomUUID()}/cancel`));
  }
}

async function keep(shop: Shop, skus: readonly string[], troubles: Troubles): Promise<void> {
  const { random, staff, database } = shop;
  for (let round = 0; round < ROUNDS * 2; round += 1) {
    const client = at(shop, staff, random.int(0, 1));
    const [some] = await database.query<{ id: string }>("select id from orders where status in ('PENDING_PAYMENT', 'PAID', 'FULFILLING', 'SHIPPED') order by md5(id::text || $1) limit 1", [random.word()]);
    if (some && random.int(0, 2) === 0) await pay(shop, some.id);
    if (some) await troubles.watch('move', client.post(`/v1/orders/${some.id}/${random.pick(MOVES)}`));
    await troubles.watch('stock', client.post(`/v1/variants/${pick(random, skus)}/stock`, { delta: random.pick([1, 2, 5, -1, -3]), reason: 'count' }));
  }
}

async function storm({ shop, accident }: Accident<Shop>): Promise<void> {
  const skus = await Promise.all([3, 10, 40, 200].map(async (stock) => (await product(shop, { stock })).sku));
  const troubles = new Troubles();
  await together(...shop.buyers.map((buyer) => buy(shop, buyer, skus, troubles)), keep(shop, skus, troubles), accident());
  assert.deepEqual(troubles.seen, []);
}

export const ledger: readonly Leaf<Shop>[] = [
  {
    id: 'ledger',
    title: 'after a storm of everything at once, with a process killed in it, the books balance',
    body: async ({ kit }) => {
      const stormy = withAccident(await makeShop(kit, { PAYMENT_SECONDS: '3' }), 'select 1 from orders');
      await storm(stormy);
      const { shop } = stormy;
      await assertLedger(shop.database);
      const waiting = "select 1 from orders where status = 'PENDING_PAYMENT'";
      await until('nothing waits to be paid', async () => (await shop.database.query(waiting)).length === 0, { withinMs: 60_000 });
      await assertLedger(shop.database);
      const made = await shop.database.query<{ status: string }>('select distinct status from orders');
      assert.ok(made.length >= 3, `the storm made orders of every kind: ${made.map(({ status }) => status).join()}`);
    },
  },
];
