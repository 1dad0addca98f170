import assert from 'node:assert/strict';
import { level, movements, order, statusOf, untilStatus } from '../orders/world.ts';
import { stamp, type StripeEvent } from '../stripe/objects.ts';
import type { Forgery } from '../stripe/webhook.ts';
import { bodyOf, problemOf } from '../support/http.ts';
import { until } from '../support/poll.ts';
import { arrivals, askPayment, eventsStored, overdue, paidSale, paymentOf, sale, tell, type Leaf, type PayingShop, type Sale } from './world.ts';

const FORGERIES: Readonly<Record<string, Forgery>> = {
  'another secret': { secret: `whsec_${'0'.repeat(32)}` },
  'no signature': { header: () => undefined },
  'an empty signature': { header: () => '' },
  'half a signature': { header: (signature, timestamp) => `t=${timestamp},v1=${signature.slice(0, 32)}` },
  'an older scheme': { header: (signature, timestamp) => `t=${timestamp},v0=${signature}` },
  'a signature without its time': { header: (signature) => `v1=${signature}` },
  'another time than was signed': { header: (signature, timestamp) => `t=${timestamp - 1},v1=${signature}` },
  'a time long ago': { timestamp: stamp() - 3600 },
  'another amount than was signed': { sent: (payload) => payload.replace(/"amount_received": \d+/, '"amount_received": 1') },
  'the same JSON in other bytes': { sent: (payload) => JSON.stringify(JSON.parse(payload)) },
  'no bytes at all': { sent: () => '' },
};

const signatures: readonly Leaf[] = [
  {
    id: 'signature',
    title: 'what Stripe has not signed, byte for byte and lately, is refused and leaves no trace',
    body: async (shop) => {
      const { id, intentId } = await sale(shop);
      const event = shop.stripe.account.pay(intentId);
      for (const [what, forgery] of Object.entries(FORGERIES)) {
        const problem = problemOf(await shop.stripe.deliver(shop.services[0].client, event, forgery), 400);
        assert.equal(problem.code, 'webhook.invalid', what);
      }
      assert.deepEqual([await eventsStored(shop, event.id), await statusOf(shop, id)], [0, 'PENDING_PAYMENT']);
      await tell(shop, event);
      assert.equal(await statusOf(shop, id), 'PAID');
    },
  },
  {
    id: 'signature',
    title: 'the bytes are checked as they are, in any script, and what is signed but no event is refused',
    body: async (shop) => {
      const { id, intentId } = await sale(shop);
      const event = shop.stripe.account.pay(intentId);
      await tell(shop, { ...event, data: { object: { ...event.data.object, metadata: { ...event.data.object.metadata, note: 'Grüße, 検査 \u2028 🧪 \\ "' } } } } as StripeEvent);
      assert.equal(await statusOf(shop, id), 'PAID');
      for (const nonsense of [[], { id: 7 }, { id: 'evt_1', type: 'payment_intent.succeeded', data: { object: {} } }]) {
        problemOf(await shop.stripe.deliver(shop.services[0].client, nonsense), 400);
      }
    },
  },
];

const once: readonly Leaf[] = [
  {
    id: 'once',
    title: 'an event that comes many times at once, to two processes, counts once and is taken each time',
    body: async (shop) => {
      const { id, sku, intentId, totalMinor } = await sale(shop);
      const event = shop.stripe.account.pay(intentId);
      const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => shop.stripe.deliver((shop.services[n % 2] ?? shop.services[0]).client, event)));
      for (const answer of answers) bodyOf(answer);
      await tell(shop, event);
      assert.deepEqual([await arrivals(shop, id, 'PAID'), await eventsStored(shop, event.id)], [1, 1]);
      assert.deepEqual([await level(shop, sku), await movements(shop, sku)], [[8, 0], ['reserved 0 2', 'sold -2 -2']]);
      assert.deepEqual(await paymentOf(shop, id), { status: 'captured', intentId, captured: totalMinor, refunded: 0 });
    },
  },
  {
    id: 'once',
    title: 'two events that tell of one payment are one payment',
    body: async (shop) => {
      const { id, sku, intentId } = await sale(shop);
      const { account } = shop.stripe;
      const first = account.pay(intentId);
      await Promise.all([tell(shop, first, 0), tell(shop, account.tell('payment_intent.succeeded', account.intent(intentId)), 1)]);
      assert.deepEqual([await arrivals(shop, id, 'PAID'), await level(shop, sku)], [1, [8, 0]]);
    },
  },
  {
    id: 'once',
    title: 'an order tells who made it PAID, and only the webhook does',
    body: async (shop) => {
      const { id, intentId } = await sale(shop);
      const event = shop.stripe.account.pay(intentId);
      assert.equal((await order(shop, id)).status, 'PENDING_PAYMENT', 'paid at Stripe is not paid here');
      await tell(shop, event);
      const { status, transitions = [] } = await order(shop, id);
      assert.equal(status, 'PAID');
      assert.partialDeepStrictEqual(transitions.at(-1), { from: 'PENDING_PAYMENT', to: 'PAID', actor: 'stripe' });
    },
  },
];

/** All that Stripe tells of a payment that succeeds at the second try. */
function story({ stripe }: PayingShop, { intentId }: Sale): readonly StripeEvent[] {
  const { account } = stripe;
  const created = account.tell('payment_intent.created', account.intent(intentId));
  return [created, account.decline(intentId), account.process(intentId), account.pay(intentId)];
}

const orderProof: readonly Leaf[] = [
  {
    id: 'order-proof',
    title: 'in whatever order the events of a payment come, the order is paid once',
    body: async (shop) => {
      for (let round = 0; round < 6; round += 1) {
        const made = await sale(shop);
        const told = shop.random.shuffle(story(shop, made));
        for (const [index, event] of told.entries()) await tell(shop, event, index);
        assert.deepEqual([await statusOf(shop, made.id), await arrivals(shop, made.id, 'PAID')], ['PAID', 1], told.map(({ type }) => type).join());
        assert.equal((await paymentOf(shop, made.id))?.status, 'captured');
      }
    },
  },
  {
    id: 'order-proof',
    title: 'a failed try, told late, takes no payment back, and alone ends no order',
    body: async (shop) => {
      const made = await sale(shop);
      const [, failed, , succeeded] = story(shop, made);
      assert.ok(failed && succeeded);
      await tell(shop, failed);
      assert.equal(await statusOf(shop, made.id), 'PENDING_PAYMENT');
      assert.equal(bodyOf(await askPayment(shop, made.id)).intentId, made.intentId, 'it may be tried again');
      await tell(shop, succeeded);
      await tell(shop, shop.stripe.account.tell('payment_intent.payment_failed', shop.stripe.account.intent(made.intentId)), 1);
      assert.deepEqual([await statusOf(shop, made.id), (await paymentOf(shop, made.id))?.status], ['PAID', 'captured']);
      bodyOf(await shop.staff.api.post(`/v1/orders/${made.id}/fulfil`));
    },
  },
  {
    id: 'order-proof',
    title: 'old news does not move an order that has gone on',
    body: async (shop) => {
      const made = await paidSale(shop);
      for (const name of ['fulfil', 'ship', 'deliver']) bodyOf(await shop.staff.api.post(`/v1/orders/${made.id}/${name}`));
      const { account } = shop.stripe;
      const late = structuredClone(account.intent(made.intentId));
      for (const type of ['payment_intent.succeeded', 'payment_intent.processing', 'payment_intent.payment_failed']) await tell(shop, account.tell(type, late));
      assert.deepEqual([await statusOf(shop, made.id), (await paymentOf(shop, made.id))?.refunded], ['DELIVERED', 0]);
    },
  },
  {
    id: 'order-proof',
    title: 'an intent that is no order’s, and a type that nobody knows, are taken and change nothing',
    body: async (shop) => {
      const made = await sale(shop);
      const { account } = shop.stripe;
      const foreign = account.createIntent(new URLSearchParams({ amount: String(made.totalMinor), currency: 'eur', 'metadata[orderId]': made.id }));
      await tell(shop, account.pay(foreign.id));
      await tell(shop, account.tell('customer.created', account.intent(made.intentId)));
      assert.deepEqual([await statusOf(shop, made.id), (await paymentOf(shop, made.id))?.intentId], ['PENDING_PAYMENT', made.intentId]);
    },
  },
];

const amounts: readonly Leaf[] = [
  {
    id: 'amounts',
    title: 'another amount or currency than the order’s is a mismatch: unpaid, and an error is logged',
    body: async (shop) => {
      for (const change of [{ amount: 1 }, { amount: 2999 }, { amount: 3001 }, { currency: 'jpy' }]) {
        const { id, sku, intentId } = await sale(shop);
        await tell(shop, shop.stripe.account.pay(intentId, change));
        assert.deepEqual([await statusOf(shop, id), (await paymentOf(shop, id))?.status], ['PENDING_PAYMENT', 'mismatch'], JSON.stringify(change));
        assert.deepEqual(await level(shop, sku), [10, 2]);
        const line = await until('it is logged', async () => shop.services[0].output().split('\n').find((entry) => entry.includes('payment.mismatch') && entry.includes(intentId)));
        assert.partialDeepStrictEqual(JSON.parse(line) as object, { level: 50, event: 'payment.mismatch', outcome: 'mismatch' });
      }
    },
  },
  {
    id: 'amounts',
    title: 'an order that was paid wrongly expires as if it was not paid, and its money can be given back',
    body: async (shop) => {
      const { id, sku, intentId } = await sale(shop);
      await tell(shop, shop.stripe.account.pay(intentId, { amount: 100 }));
      await overdue(shop, id);
      await untilStatus(shop, id, 'EXPIRED');
      assert.deepEqual(await level(shop, sku), [10, 0]);
      const answer = await shop.staff.api.post(`/v1/orders/${id}/refunds`, { reason: 'paid wrongly' }, { 'Idempotency-Key': id });
      assert.partialDeepStrictEqual(bodyOf(answer, 202), { amountMinor: 100 });
    },
  },
];

export const events: readonly Leaf[] = [...signatures, ...once, ...orderProof, ...amounts];
