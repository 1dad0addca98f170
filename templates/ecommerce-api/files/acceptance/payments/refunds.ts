import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { at, level, order, statusOf, type Order } from '../orders/world.ts';
import { bodyOf, problemOf } from '../support/http.ts';
import { until } from '../support/poll.ts';
import { askRefund, countOf, paidSale, paymentOf, sale, tell, untilRefunds, type Leaf, type PayingShop, type Refund } from './world.ts';

const leaf = (title: string, body: Leaf['body']): Leaf => ({ id: 'refunds', title, body });

/** Lets the newest refund of an intent come to its end. */
async function settle(shop: PayingShop, intentId: string, many: number, status: 'succeeded' | 'failed'): Promise<void> {
  const refund = (await untilRefunds(shop, intentId, many)).at(-1);
  await tell(shop, shop.stripe.account.settle(refund?.id ?? '', status), many);
}

const giving: readonly Leaf[] = [
  leaf('all of it: the order waits for Stripe, and is refunded when Stripe says so', async (shop) => {
    const { id, sku, intentId, totalMinor } = await paidSale(shop);
    const refund = bodyOf(await askRefund(shop, id, { reason: 'did not fit' }), 202);
    assert.partialDeepStrictEqual(refund, { orderId: id, status: 'pending', amountMinor: totalMinor, currency: 'EUR', reason: 'did not fit' });
    const [asked] = await untilRefunds(shop, intentId);
    assert.deepEqual([asked?.amount, asked?.metadata['refundId'], await statusOf(shop, id)], [totalMinor, refund.id, 'REFUND_PENDING']);
    assert.deepEqual(shop.stripe.asked(/^POST \/v1\/refunds$/).filter(({ form }) => form.get('payment_intent') === intentId).map(({ key }) => key), [`refund:${refund.id}`]);
    await settle(shop, intentId, 1, 'succeeded');
    const { status, transitions = [] } = await order(shop, id);
    assert.equal(status, 'REFUNDED');
    assert.deepEqual(transitions.map(({ to }) => to), ['PENDING_PAYMENT', 'PAID', 'REFUND_PENDING', 'REFUNDED']);
    assert.deepEqual([transitions[2]?.actor, transitions[2]?.reason, transitions[3]?.actor], ['staff', '', 'stripe']);
    const known = bodyOf(await shop.staff.api.get<Order>(`/v1/staff/orders/${id}`)).transitions;
    assert.deepEqual([known?.[2]?.actor, known?.[2]?.reason], [shop.staff.userId, 'did not fit']);
    assert.deepEqual(await level(shop, sku), [8, 0], 'money comes back by itself, goods do not');
  }),

  leaf('part of it, then goods, then the rest', async (shop) => {
    const { id, intentId, totalMinor } = await paidSale(shop);
    bodyOf(await askRefund(shop, id, { amountMinor: 1000, reason: 'scratched' }), 202);
    await settle(shop, intentId, 1, 'succeeded');
    assert.equal(await statusOf(shop, id), 'PARTIALLY_REFUNDED');
    bodyOf(await shop.staff.api.post(`/v1/orders/${id}/fulfil`));
    assert.equal(bodyOf(await askRefund(shop, id, { reason: 'broken after all' }), 202).amountMinor, totalMinor - 1000);
    problemOf(await shop.staff.api.post(`/v1/orders/${id}/ship`), 409);
    await settle(shop, intentId, 2, 'succeeded');
    assert.equal(await statusOf(shop, id), 'REFUNDED');
    problemOf(await askRefund(shop, id, { amountMinor: 1, reason: 'more' }), 409);
    const { data } = bodyOf(await shop.staff.api.get<{ data: Refund[] }>(`/v1/orders/${id}/refunds`));
    assert.deepEqual(data.map(({ status, amountMinor }) => [status, amountMinor]), [['succeeded', totalMinor - 1000], ['succeeded', 1000]]);
  }),

  leaf('one that fails gives the order back what it was, and the money may go again', async (shop) => {
    const { id, intentId, totalMinor } = await paidSale(shop);
    for (const [many, expected] of [[1, 'PAID'], [3, 'PARTIALLY_REFUNDED']] as const) {
      bodyOf(await askRefund(shop, id, { reason: 'try' }), 202);
      await settle(shop, intentId, many, 'failed');
      assert.deepEqual([await statusOf(shop, id), (await paymentOf(shop, id))?.refunded], [expected, many === 1 ? 0 : 500]);
      if (many > 1) continue;
      bodyOf(await askRefund(shop, id, { amountMinor: 500, reason: 'in part' }), 202);
      await settle(shop, intentId, 2, 'succeeded');
    }
    assert.equal(bodyOf(await askRefund(shop, id, { reason: 'the rest' }), 202).amountMinor, totalMinor - 500);
  }),

  leaf('one that Stripe refuses right away has failed', async (shop) => {
    const { id } = await paidSale(shop);
    shop.stripe.account.refusesRefunds = true;
    bodyOf(await askRefund(shop, id, { reason: 'no funds' }), 202);
    await until('the order is paid again', async () => (await statusOf(shop, id)) === 'PAID', { withinMs: 30_000 });
    shop.stripe.account.refusesRefunds = false;
    assert.equal((await paymentOf(shop, id))?.refunded, 0);
    const { data } = bodyOf(await shop.staff.api.get<{ data: Refund[] }>(`/v1/orders/${id}/refunds`));
    assert.deepEqual(data.map(({ status }) => status), ['failed']);
  }),

  leaf('what Stripe tells of it may come twice, late and in any order', async (shop) => {
    const { account } = shop.stripe;
    const { id, intentId } = await paidSale(shop);
    bodyOf(await askRefund(shop, id, { amountMinor: 700, reason: 'x' }), 202);
    const [refund] = await untilRefunds(shop, intentId);
    const pending = account.tell('refund.created', account.refund(refund?.id ?? ''));
    const done = account.settle(refund?.id ?? '', 'succeeded');
    await Promise.all([tell(shop, done, 0), tell(shop, done, 1)]);
    await tell(shop, pending);
    const { data } = bodyOf(await shop.staff.api.get<{ data: Refund[] }>(`/v1/orders/${id}/refunds`));
    assert.deepEqual(data.map(({ status }) => status), ['succeeded']);
    await tell(shop, account.tell('refund.updated', account.refund(refund?.id ?? '')));
    assert.deepEqual([await statusOf(shop, id), (await paymentOf(shop, id))?.refunded], ['PARTIALLY_REFUNDED', 700]);
    assert.equal(await countOf(shop, "select 1 from order_transitions where order_id = $1 and from_status = 'REFUND_PENDING'", id), 1);
  }),
];

const refusing: readonly Leaf[] = [
  leaf('many at once, at two processes, never give more than was taken', async (shop) => {
    const { id, intentId, totalMinor } = await paidSale(shop);
    const ask = (n: number) => at(shop, shop.staff, n).post<Refund>(`/v1/orders/${id}/refunds`, { amountMinor: 2000, reason: `try ${n}` }, { 'Idempotency-Key': randomUUID() });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => ask(n)));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [202, ...Array.from({ length: 9 }, () => 409)]);
    await settle(shop, intentId, 1, 'succeeded');
    const second = await Promise.all(Array.from({ length: 10 }, (_, n) => ask(n)));
    assert.deepEqual(new Set(second.map(({ status }) => status)), new Set([409]), 'of 3000, 1000 is left');
    assert.deepEqual([await paymentOf(shop, id), shop.stripe.account.refunded(intentId)], [{ status: 'captured', intentId, captured: totalMinor, refunded: 2000 }, 2000]);
  }),

  leaf('one key, many times at once, is one refund', async (shop) => {
    const { id, intentId } = await paidSale(shop);
    const key = randomUUID();
    const ask = (n: number, amountMinor = 400) => at(shop, shop.staff, n).post<Refund>(`/v1/orders/${id}/refunds`, { amountMinor, reason: 'once' }, { 'Idempotency-Key': key });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => ask(n)));
    assert.ok(answers.every(({ status }) => status === 202 || status === 409));
    const first = bodyOf(await ask(0), 202);
    for (const { body } of answers.filter(({ status }) => status === 202)) assert.deepEqual(body, first);
    assert.equal(problemOf(await ask(0, 401), 422).code, 'idempotency.key_reused');
    await settle(shop, intentId, 1, 'succeeded');
    bodyOf(await ask(1), 202);
    assert.equal(shop.stripe.account.refundsOf(intentId).length, 1);
  }),

  leaf('needs the staff, a key, a reason, an amount that can be, and an order that was paid', async (shop) => {
    const { id } = await paidSale(shop);
    const path = `/v1/orders/${id}/refunds`;
    const key = { 'Idempotency-Key': randomUUID() };
    problemOf(await shop.customer.api.post(path, { reason: 'please' }, key), 403);
    problemOf(await shop.customer.api.get(path), 403);
    const pointers = async (body: object, headers = key) => (problemOf(await shop.staff.api.post(path, body, headers), 400).errors ?? []).map(({ pointer }) => pointer);
    assert.deepEqual(await pointers({ reason: 'x' }, {} as typeof key), ['/headers/idempotency-key']);
    for (const amountMinor of [0, -1, 1.5, '1', null, 100_000_000]) assert.deepEqual(await pointers({ reason: 'x', amountMinor }), ['/body/amountMinor'], String(amountMinor));
    for (const reason of ['', ' ', 7, 'x'.repeat(501)]) assert.deepEqual(await pointers({ reason }), ['/body/reason']);
    assert.deepEqual(await pointers({ reason: 'x', currency: 'USD' }), ['/body/currency']);
    assert.equal(problemOf(await askRefund(shop, id, { amountMinor: 3001, reason: 'x' }), 409).code, 'refund.too_much');
    const forged = Buffer.from(JSON.stringify(['createdAt', 'yesterday', randomUUID()])).toString('base64url');
    problemOf(await shop.staff.api.get(`${path}?cursor=${forged}`), 400);
    problemOf(await askRefund(shop, randomUUID(), { reason: 'x' }), 404);
    problemOf(await shop.staff.api.get(`/v1/orders/${randomUUID()}/refunds`), 404);
    const unpaid = await sale(shop);
    assert.equal(problemOf(await askRefund(shop, unpaid.id, { reason: 'x' }), 409).code, 'order.not_refundable');
    assert.deepEqual([await statusOf(shop, id), (await paymentOf(shop, id))?.refunded], ['PAID', 0]);
  }),
];

export const refunds: readonly Leaf[] = [...giving, ...refusing];
