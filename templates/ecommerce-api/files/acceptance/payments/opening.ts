import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { at, checkOut, fill, holdRow, level, placed, product, statusOf, untilStatus, untilWaiting } from '../orders/world.ts';
import { bodyOf, problemOf } from '../support/http.ts';
import { until } from '../support/poll.ts';
import { askPayment, askRefund, overdue, paidSale, paymentOf, sale, tell, untilRefunds, type Leaf } from './world.ts';

const CREATE = /^POST \/v1\/payment_intents$/;
const CANCEL = /^POST \/v1\/payment_intents\/\w+\/cancel$/;

const intents: readonly Leaf[] = [
  {
    id: 'intent',
    title: 'a checkout opens one intent, of the total of the order, under the name of the order',
    body: async (shop) => {
      const { id, totalMinor, intentId } = await sale(shop, { quantity: 3, priceMinor: 777 });
      const [intent, ...others] = shop.stripe.account.intentsOf(id);
      assert.deepEqual([intent?.id, intent?.amount, intent?.currency, others], [intentId, 2331, 'eur', []]);
      assert.equal(totalMinor, 2331);
      assert.deepEqual(shop.stripe.asked(CREATE).filter(({ form }) => form.get('metadata[orderId]') === id).map(({ key }) => key), [`order:${id}`]);
      assert.deepEqual(bodyOf(await askPayment(shop, id)), { intentId, clientSecret: intent?.client_secret });
    },
  },
  {
    id: 'intent',
    title: 'a checkout that is sent again answers with the same payment',
    body: async (shop) => {
      const { api } = shop.customer;
      const { sku } = await product(shop);
      await fill(api, [[sku, 1]]);
      const key = randomUUID();
      const first = bodyOf(await checkOut(api, key), 201);
      assert.ok(first.payment);
      assert.deepEqual(bodyOf(await checkOut(at(shop, shop.customer, 1), key), 201), first);
      assert.equal(shop.stripe.account.intentsOf(first.id).length, 1);
    },
  },
  {
    id: 'intent',
    title: 'asked for many times at once, at two processes, there is still one',
    body: async (shop) => {
      const { sku } = await product(shop);
      shop.stripe.down();
      const { id, payment } = await placed(shop.customer.api, [sku, 1]);
      assert.equal(payment, null);
      shop.stripe.up();
      const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => at(shop, shop.customer, n).post<object>(`/v1/orders/${id}/payment`)));
      const good = answers.filter(({ status }) => status === 200);
      // Stripe itself refuses what it is just working on; whoever is refused may ask again.
      assert.ok(good.length > 0 && answers.every(({ status }) => status === 200 || status === 503), String(answers.map(({ status }) => status)));
      const [intent, ...others] = shop.stripe.account.intentsOf(id);
      assert.deepEqual(others, []);
      for (const answer of good) assert.deepEqual(answer.body, { intentId: intent?.id, clientSecret: intent?.client_secret });
    },
  },
  {
    id: 'intent',
    title: 'is for the owner of an order that is to be paid',
    body: async (shop) => {
      const { id } = await sale(shop);
      problemOf(await shop.staff.api.post(`/v1/orders/${id}/payment`), 404);
      problemOf(await shop.customer.api.post(`/v1/orders/${randomUUID()}/payment`), 404);
      const paid = await paidSale(shop);
      problemOf(await askPayment(shop, paid.id), 409);
      bodyOf(await shop.customer.api.post(`/v1/orders/${id}/cancel`));
      problemOf(await askPayment(shop, id), 409);
    },
  },
  {
    id: 'intent',
    title: 'a payment that Stripe refuses to take is not there, and nobody waits for it',
    body: async (shop) => {
      const { sku } = await product(shop, { priceMinor: 10 });
      const { id, payment } = await placed(shop.customer.api, [sku, 1]);
      assert.equal(payment, null);
      problemOf(await askPayment(shop, id), 409);
      bodyOf(await shop.customer.api.post(`/v1/orders/${id}/cancel`));
      assert.deepEqual(await level(shop, sku), [10, 0]);
    },
  },
  {
    id: 'intent',
    title: 'one that is written while its order is cancelled is cancelled as well',
    body: async (shop) => {
      const { sku } = await product(shop);
      shop.stripe.down();
      const { id } = await placed(shop.customer.api, [sku, 1]);
      shop.stripe.up();
      const letGo = await holdRow(shop, 'select 1 from payments where order_id = $1 for update', id);
      const opened = askPayment(shop, id);
      await untilWaiting(shop, 1);
      const cancelled = at(shop, shop.customer, 1).post(`/v1/orders/${id}/cancel`);
      await untilWaiting(shop, 2);
      await letGo();
      await Promise.all([opened, cancelled]);
      await untilStatus(shop, id, 'CANCELLED');
      assert.deepEqual(shop.stripe.account.intentsOf(id).map(({ status }) => status), ['canceled']);
    },
  },
  {
    id: 'intent',
    title: 'without an account at Stripe orders stand unpaid, and production does not start',
    body: async (shop) => {
      const { STRIPE_SECRET_KEY: _key, STRIPE_WEBHOOK_SECRET: _secret, ...env } = shop.env;
      const { sku } = await product(shop);
      const poor = await shop.kit.start(env);
      const client = poor.client.with(shop.customer.credential);
      const { id, payment } = await placed(client, [sku, 1]);
      assert.equal(payment, null);
      problemOf(await client.post(`/v1/orders/${id}/payment`), 503);
      problemOf(await poor.client.with(shop.staff.credential).post(`/v1/orders/${id}/refunds`, { reason: 'x' }, { 'Idempotency-Key': randomUUID() }), 503);
      problemOf(await shop.stripe.deliver(poor.client, {}), 503);
      await poor.stop();
      const production = { ...shop.env, NODE_ENV: 'production', DEMO_TOKEN: randomBytes(32).toString('hex') };
      for (const missing of ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET']) {
        const refusing = await shop.kit.launch({ ...production, [missing]: '' });
        const { code } = await refusing.exited(60_000);
        assert.ok(code !== 0 && refusing.output().includes(missing), refusing.output());
      }
    },
  },
];

const outages: readonly Leaf[] = [
  {
    id: 'outage',
    title: 'an order that is placed while Stripe is away stands, and its payment is opened later',
    body: async (shop) => {
      const { sku } = await product(shop);
      shop.stripe.down();
      const { id, status, payment } = await placed(shop.customer.api, [sku, 1]);
      assert.deepEqual([status, payment, await level(shop, sku)], ['PENDING_PAYMENT', null, [10, 1]]);
      assert.equal(problemOf(await askPayment(shop, id), 503).code, 'payments.unavailable');
      shop.stripe.up();
      const intentId = await until('somebody opens the payment', async () => (await paymentOf(shop, id))?.intentId ?? false, { withinMs: 60_000 });
      assert.equal(bodyOf(await askPayment(shop, id)).intentId, intentId);
      assert.equal(shop.stripe.account.intentsOf(id).length, 1);
    },
  },
  {
    id: 'outage',
    title: 'an intent whose making was never answered is found again, not made twice',
    body: async (shop) => {
      const { sku } = await product(shop);
      shop.stripe.lose(CREATE);
      const { id, payment } = await placed(shop.customer.api, [sku, 1]);
      assert.equal(payment, null);
      shop.stripe.up();
      const { intentId } = bodyOf(await askPayment(shop, id));
      assert.deepEqual(shop.stripe.account.intentsOf(id).map((intent) => intent.id), [intentId]);
    },
  },
  {
    id: 'outage',
    title: 'goods are kept until Stripe has cancelled, however long that takes',
    body: async (shop) => {
      const [slow, asking] = [await sale(shop), await sale(shop)];
      const letGo = shop.stripe.hold(CANCEL);
      await overdue(shop, slow.id);
      const cancelling = shop.customer.api.post(`/v1/orders/${asking.id}/cancel`);
      await until('Stripe is asked for both', async () => shop.stripe.asked(CANCEL).filter(({ line }) => line.includes(slow.intentId) || line.includes(asking.intentId)).length === 2);
      for (const { id, sku } of [slow, asking]) assert.deepEqual([await statusOf(shop, id), await level(shop, sku)], ['PENDING_PAYMENT', [10, 2]]);
      letGo();
      bodyOf(await cancelling);
      await untilStatus(shop, slow.id, 'EXPIRED');
      for (const { intentId, sku } of [slow, asking]) assert.deepEqual([shop.stripe.account.intent(intentId).status, await level(shop, sku)], ['canceled', [10, 0]]);
    },
  },
  {
    id: 'outage',
    title: 'while Stripe is away no order ends that could still be paid, and afterwards it does',
    body: async (shop) => {
      const { id, sku } = await sale(shop);
      shop.stripe.down();
      problemOf(await shop.customer.api.post(`/v1/orders/${id}/cancel`), 503);
      await overdue(shop, id);
      const leased = 'select 1 from orders where id = $1 and leased_until is not null';
      await until('somebody tries to expire it', async () => (await shop.database.query(leased, [id])).length > 0);
      assert.deepEqual([await statusOf(shop, id), await level(shop, sku)], ['PENDING_PAYMENT', [10, 2]]);
      shop.stripe.up();
      await untilStatus(shop, id, 'EXPIRED', 60_000);
      assert.deepEqual(await level(shop, sku), [10, 0]);
    },
  },
  {
    id: 'outage',
    title: 'an order whose payment nobody was told of ends without Stripe',
    body: async (shop) => {
      const { sku } = await product(shop);
      shop.stripe.down();
      const { id } = await placed(shop.customer.api, [sku, 1]);
      bodyOf(await shop.customer.api.post(`/v1/orders/${id}/cancel`));
      shop.stripe.up();
      problemOf(await askPayment(shop, id), 409);
      assert.deepEqual(await level(shop, sku), [10, 0]);
    },
  },
  {
    id: 'outage',
    title: 'a refund that Stripe did not answer is asked for again, and given once',
    body: async (shop) => {
      const { id, intentId } = await paidSale(shop);
      shop.stripe.lose(/^POST \/v1\/refunds$/);
      bodyOf(await askRefund(shop, id, { amountMinor: 1000, reason: 'broken' }), 202);
      await untilRefunds(shop, intentId);
      shop.stripe.up();
      await until('the service knows of it', async () => (await shop.database.query('select 1 from refunds r join payments p on p.id = r.payment_id where p.order_id = $1 and r.provider_id is not null', [id])).length > 0, { withinMs: 60_000 });
      const [refund, ...others] = shop.stripe.account.refundsOf(intentId);
      assert.deepEqual([refund?.amount, others], [1000, []]);
      await tell(shop, shop.stripe.account.settle(refund?.id ?? '', 'succeeded'));
      assert.equal(await statusOf(shop, id), 'PARTIALLY_REFUNDED');
    },
  },
];

export const opening: readonly Leaf[] = [...intents, ...outages];
