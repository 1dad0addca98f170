import assert from 'node:assert/strict';
import { hold, level, movements, statusOf, untilStatus, untilWaiting } from '../orders/world.ts';
import { bodyOf } from '../support/http.ts';
import { until } from '../support/poll.ts';
import { arrivals, eventsStored, overdue, paymentOf, sale, tell, untilRefunds, type Leaf } from './world.ts';

const late: readonly Leaf[] = [
  {
    id: 'late',
    title: 'a payment that comes after the order has expired is given back, once, however often it is told',
    body: async (shop) => {
      const { id, sku, intentId, totalMinor } = await sale(shop);
      await overdue(shop, id);
      await untilStatus(shop, id, 'EXPIRED');
      const event = shop.stripe.account.pay(intentId, { even: true });
      const copies = [event, event, shop.stripe.account.tell(event.type, shop.stripe.account.intent(intentId))];
      await Promise.all(copies.map((copy, n) => tell(shop, copy, n)));
      const [refund, ...others] = await untilRefunds(shop, intentId);
      assert.deepEqual([refund?.amount, others], [totalMinor, []]);
      await tell(shop, shop.stripe.account.settle(refund?.id ?? '', 'succeeded'));
      assert.deepEqual(await paymentOf(shop, id), { status: 'captured', intentId, captured: totalMinor, refunded: totalMinor });
      assert.deepEqual([await statusOf(shop, id), await level(shop, sku)], ['EXPIRED', [10, 0]]);
    },
  },
  {
    id: 'late',
    title: 'so is one that comes after the order was cancelled',
    body: async (shop) => {
      const { id, intentId, totalMinor } = await sale(shop);
      bodyOf(await shop.customer.api.post(`/v1/orders/${id}/cancel`));
      await tell(shop, shop.stripe.account.pay(intentId, { even: true }));
      const [refund] = await untilRefunds(shop, intentId);
      assert.equal(refund?.amount, totalMinor);
      await tell(shop, shop.stripe.account.settle(refund?.id ?? '', 'succeeded'));
      assert.equal(await statusOf(shop, id), 'CANCELLED');
    },
  },
  {
    id: 'late',
    title: 'one that came in time, but is not told yet, keeps its order from expiring and from being cancelled',
    body: async (shop) => {
      const { id, sku, intentId } = await sale(shop);
      const event = shop.stripe.account.pay(intentId);
      const { status } = await shop.customer.api.post(`/v1/orders/${id}/cancel`);
      assert.equal(status, 409);
      await overdue(shop, id);
      const asked = () => shop.stripe.asked(/^POST \/v1\/payment_intents\/\w+\/cancel$/).filter(({ line }) => line.includes(intentId)).length;
      await until('somebody tries to expire it', async () => asked() > 1);
      await tell(shop, event);
      assert.deepEqual([await statusOf(shop, id), await level(shop, sku)], ['PAID', [8, 0]]);
      assert.deepEqual(await movements(shop, sku), ['reserved 0 2', 'sold -2 -2']);
    },
  },
  {
    id: 'late',
    title: 'a payment that its bank is still working on keeps its order, and ends with it',
    body: async (shop) => {
      const { id, sku, intentId } = await sale(shop);
      shop.stripe.account.process(intentId);
      await overdue(shop, id);
      const postponed = "select 1 from orders where id = $1 and leased_until > now() and leased_until < now() + interval '6 seconds'";
      await until('it is put off', async () => (await shop.database.query(postponed, [id])).length > 0);
      assert.deepEqual([await statusOf(shop, id), await level(shop, sku)], ['PENDING_PAYMENT', [10, 2]]);
      await tell(shop, shop.stripe.account.decline(intentId));
      await untilStatus(shop, id, 'EXPIRED');
      assert.deepEqual(await level(shop, sku), [10, 0]);
    },
  },
];

const crash: readonly Leaf[] = [
  {
    id: 'crash',
    title: 'a process killed between receipt and commit has answered nothing and lost nothing',
    body: async (shop) => {
      const { id, sku, intentId } = await sale(shop);
      const event = shop.stripe.account.pay(intentId);
      const doomed = await shop.kit.start(shop.env);
      // The last thing that its transaction does is to wait for these goods.
      const letGo = await hold(shop, sku);
      const answer = shop.stripe.deliver(doomed.client, event).then(({ status }) => `answered ${status}`, () => 'never answered');
      await untilWaiting(shop, 1);
      doomed.signal('SIGKILL');
      await doomed.exited();
      assert.equal(await answer, 'never answered');
      assert.deepEqual([await eventsStored(shop, event.id), await statusOf(shop, id)], [0, 'PENDING_PAYMENT']);
      // Stripe tries again, while what is left of the first try is still in the way.
      const again = tell(shop, event, 1);
      await untilWaiting(shop, 2);
      await letGo();
      await again;
      await tell(shop, event, 0);
      assert.deepEqual([await statusOf(shop, id), await arrivals(shop, id, 'PAID'), await eventsStored(shop, event.id)], ['PAID', 1, 1]);
      assert.deepEqual([await level(shop, sku), await movements(shop, sku)], [[8, 0], ['reserved 0 2', 'sold -2 -2']]);
    },
  },
  {
    id: 'crash',
    title: 'an event whose transaction breaks is refused, and counts when it comes again',
    body: async (shop) => {
      const { id, sku, intentId } = await sale(shop);
      const event = shop.stripe.account.pay(intentId);
      const letGo = await hold(shop, sku);
      const answer = shop.stripe.deliver(shop.services[0].client, event);
      await untilWaiting(shop, 1);
      await shop.database.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
      const { status } = await answer;
      assert.ok(status >= 500, `answered ${status}`);
      await letGo();
      await tell(shop, event);
      assert.deepEqual([await statusOf(shop, id), await arrivals(shop, id, 'PAID'), await level(shop, sku)], ['PAID', 1, [8, 0]]);
    },
  },
];

export const lateness: readonly Leaf[] = [...late, ...crash];
