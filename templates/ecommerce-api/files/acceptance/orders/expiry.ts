import assert from 'node:assert/strict';
import { until } from '../support/poll.ts';
import { at, hold, level, movements, order, pay, placed, product, statusOf, untilStatus, untilWaiting, waiting, type Leaf, type Shop } from './world.ts';

const leaf = (title: string, body: Leaf<Shop>['body']): Leaf<Shop> => ({ id: 'expiry', title, body });

/** Lets the time of orders be over. */
const overdue = ({ database }: Shop, ...ids: readonly string[]) => database.query("update orders set expires_at = now() - interval '1 second' where id = any ($1)", [ids]);

export const expiry: readonly Leaf<Shop>[] = [
  leaf('an order that is not paid in time ends by itself, and gives its goods back', async (shop) => {
    const hasty = await shop.kit.start({ ...shop.env, PAYMENT_SECONDS: '2' });
    const { sku } = await product(shop);
    const client = hasty.client.with(shop.customer.credential);
    const { id, placedAt, expiresAt } = await placed(client, [sku, 4]);
    assert.equal(Date.parse(expiresAt) - Date.parse(placedAt), 2000);
    assert.deepEqual(await level(shop, sku), [10, 4]);
    await untilStatus(shop, id, 'EXPIRED');
    assert.deepEqual([await level(shop, sku), await movements(shop, sku)], [[10, 0], ['reserved 0 4', 'released 0 -4']]);
    const { transitions = [] } = await order(shop, id);
    assert.partialDeepStrictEqual(transitions.at(-1), { from: 'PENDING_PAYMENT', to: 'EXPIRED', actor: 'expiry' });
    assert.ok(Date.parse(transitions.at(-1)?.at ?? '') >= Date.parse(expiresAt), 'and not before its time');
    await hasty.stop();
  }),

  leaf('many at once, by two processes, end once each', async (shop) => {
    const { sku } = await product(shop, { stock: 200 });
    // What is given back twice would be taken from this one.
    await placed(shop.buyers[1].api, [sku, 99]);
    const ids: string[] = [];
    for (let count = 0; count < 25; count += 1) ids.push((await placed(at(shop, shop.customer, count), [sku, 2])).id);
    await overdue(shop, ...ids);
    await until('all of them have expired', async () => (await Promise.all(ids.map((id) => statusOf(shop, id)))).every((status) => status === 'EXPIRED'), { withinMs: 30_000 });
    assert.deepEqual(await level(shop, sku), [200, 99]);
    assert.equal((await movements(shop, sku)).filter((line) => line === 'released 0 -2').length, 25);
  }),

  leaf('while one process is at an order, the other leaves it alone', async (shop) => {
    const { sku } = await product(shop);
    await placed(shop.buyers[1].api, [sku, 5]);
    const { id } = await placed(shop.customer.api, [sku, 2]);
    const letGo = await hold(shop, sku);
    await overdue(shop, id);
    await untilWaiting(shop, 1);
    // Long enough for the other process to come by, if it ever does.
    const both = until('the other one waits, too', async () => (await waiting(shop)) > 1, { withinMs: 2500 });
    assert.equal(await both.catch(() => 'nobody else came'), 'nobody else came');
    await letGo();
    await untilStatus(shop, id, 'EXPIRED');
    await until('nobody waits', async () => (await waiting(shop)) === 0);
    assert.deepEqual([await level(shop, sku), await movements(shop, sku)], [[10, 5], ['reserved 0 5', 'reserved 0 2', 'released 0 -2']]);
  }),

  leaf('what a process died over is taken up by another, once its lease is over', async (shop) => {
    const { sku } = await product(shop);
    const { id } = await placed(shop.customer.api, [sku, 1]);
    const [claimed] = await shop.database.query<{ until: Date }>(
      `update orders set expires_at = now() - interval '1 second', leased_until = now() + interval '3 seconds' where id = $1 returning leased_until as until`,
      [id],
    );
    await untilStatus(shop, id, 'EXPIRED');
    const { transitions = [] } = await order(shop, id);
    assert.ok(Date.parse(transitions.at(-1)?.at ?? '') >= (claimed?.until.getTime() ?? Infinity), 'and not while it runs');
    assert.deepEqual(await level(shop, sku), [10, 0]);
  }),

  leaf('what is paid, and what still has time, is not touched', async (shop) => {
    const { sku } = await product(shop);
    const { api } = shop.customer;
    const [paid, early, late] = [await placed(api, [sku, 1]), await placed(api, [sku, 1]), await placed(api, [sku, 1])];
    await pay(shop, paid.id);
    await overdue(shop, paid.id, late.id);
    await untilStatus(shop, late.id, 'EXPIRED');
    assert.deepEqual([await statusOf(shop, paid.id), await statusOf(shop, early.id)], ['PAID', 'PENDING_PAYMENT']);
    assert.deepEqual(await level(shop, sku), [9, 1]);
  }),
];
