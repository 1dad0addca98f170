import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { Stripe } from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../config.ts';
import { PrismaService } from '../../db/prisma.service.ts';
import type { OrderStatus } from '../../generated/prisma/enums.ts';
import { Outbox } from '../../outbox/outbox.ts';
import { Payments, type Bill } from '../../ports/payments.ts';
import { call, startApp, type TestApp } from '../../testing/app.ts';
import { plantOrder, plantPerson, withCallers, withLedger, type Headers } from '../../testing/shop.ts';
import { Gateway } from './gateway.ts';
import { RefundAnswer, type Refund } from './schema.ts';

const SIGNING_SECRET = `whsec_${'7'.repeat(24)}`;
const real = new Gateway(readConfig({ STRIPE_SECRET_KEY: `sk_test_${'7'.repeat(24)}`, STRIPE_WEBHOOK_SECRET: SIGNING_SECRET }), pino({ level: 'silent' }));
const gateway = {
  ready: true,
  create: vi.fn<Gateway['create']>(),
  read: vi.fn<Gateway['read']>(),
  cancel: vi.fn<Gateway['cancel']>(),
  refund: vi.fn<Gateway['refund']>(),
  verify: real.verify.bind(real),
};
let service: TestApp;
let prisma: PrismaService;
let payments: Payments;
let person: { readonly userId: string; readonly headers: Headers };
let staff: { readonly userId: string; readonly headers: Headers };

beforeAll(async () => {
  service = await startApp({}, (module) => withLedger(withCallers(module)).overrideProvider(Gateway).useValue(gateway));
  prisma = service.app.get(PrismaService);
  payments = service.app.get(Payments);
  [person, staff] = [await plantPerson(service), await plantPerson(service, 'staff')];
});

afterAll(() => service.app.close());

beforeEach(() => {
  gateway.create.mockReset().mockImplementation(async ({ orderId }) => ({ intentId: `pi_${orderId}`, clientSecret: 'secret' }));
  gateway.read.mockReset().mockImplementation(async (intentId) => ({ intentId, clientSecret: 'secret' }));
  gateway.cancel.mockReset().mockResolvedValue(true);
  gateway.refund.mockReset().mockImplementation(async ({ id }) => `re_${id}`);
});

const billOf = (orderId: string): Bill => ({ orderId, amountMinor: 500, currency: 'EUR' });
const statusOf = async (id: string) => (await prisma.order.findUniqueOrThrow({ where: { id } })).status;
const setStatus = (id: string, status: OrderStatus) => prisma.order.update({ where: { id }, data: { status } });
const paymentOf = (orderId: string) => prisma.payment.findUniqueOrThrow({ where: { orderId } });

async function deliver(event: object, { secret = SIGNING_SECRET, timestamp = Date.now() / 1000, tamper = (text: string) => text } = {}) {
  const payload = JSON.stringify(event, undefined, 2);
  const signature = await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp });
  return fetch(`${service.url}/v1/webhooks/stripe`, { method: 'POST', body: tamper(payload), headers: { 'Content-Type': 'application/json', 'Stripe-Signature': signature } });
}

const eventOf = (type: string, object: object) => ({ id: `evt_${randomUUID()}`, object: 'event', type, data: { object } });
const succeeded = (orderId: string, changes: object = {}) =>
  eventOf('payment_intent.succeeded', { id: `pi_${orderId}`, amount_received: 500, currency: 'eur', metadata: { orderId }, ...changes });
const refundEvent = ({ id, orderId, amountMinor }: Refund, status: string, type = 'refund.updated') =>
  eventOf(type, { id: `re_${id}`, amount: amountMinor, status, payment_intent: `pi_${orderId}`, metadata: { refundId: id } });

/** An order that is open to be paid. */
async function opened(): Promise<string> {
  const orderId = await plantOrder(service, person.userId);
  await payments.open(billOf(orderId));
  return orderId;
}

async function paid(): Promise<string> {
  const orderId = await opened();
  expect((await deliver(succeeded(orderId))).status).toBe(200);
  expect(await statusOf(orderId)).toBe('PAID');
  return orderId;
}

const askRefund = (orderId: string, body: object = { reason: 'broken' }, headers: Headers = {}) =>
  call<Refund & Record<string, unknown>>(service, 'POST', `/v1/orders/${orderId}/refunds`, { body, headers: { ...staff.headers, 'Idempotency-Key': randomUUID(), ...headers } });

const relay = async () => {
  while (await service.app.get(Outbox).relay());
};

describe('opening', () => {
  test('asks Stripe once, and afterwards for what is there', async () => {
    const orderId = await plantOrder(service, person.userId);
    expect(await payments.open(billOf(orderId))).toEqual({ intentId: `pi_${orderId}`, clientSecret: 'secret' });
    expect(await payments.open(billOf(orderId))).toEqual({ intentId: `pi_${orderId}`, clientSecret: 'secret' });
    expect(gateway.create).toHaveBeenCalledExactlyOnceWith(billOf(orderId));
    expect(gateway.read).toHaveBeenCalledExactlyOnceWith(`pi_${orderId}`);
  });

  test('is left alone where the order is not to be paid', async () => {
    for (const status of ['PAID', 'EXPIRED'] as const) expect(await payments.open(billOf(await plantOrder(service, person.userId, { status })))).toBeUndefined();
    expect(gateway.create).not.toHaveBeenCalled();
  });

  test('is for the owner of the order, who may try again when Stripe was away', async () => {
    const orderId = await plantOrder(service, person.userId);
    const open = (headers: Headers) => call(service, 'POST', `/v1/orders/${orderId}/payment`, { headers });
    expect((await open(staff.headers)).status).toBe(404);
    gateway.create.mockRejectedValueOnce(new Error('away'));
    expect((await open(person.headers)).status).toBe(500);
    expect((await open(person.headers)).body).toEqual({ intentId: `pi_${orderId}`, clientSecret: 'secret' });
    await setStatus(orderId, 'CANCELLED');
    expect((await open(person.headers)).body).toMatchObject({ status: 409, code: 'order.not_payable' });
  });

  test('is not finished by whoever was overtaken by closing', async () => {
    const orderId = await plantOrder(service, person.userId);
    gateway.create.mockImplementationOnce(async () => {
      expect(await payments.close(orderId)).toBe(true);
      return { intentId: `pi_${orderId}`, clientSecret: 'secret' };
    });
    expect(await payments.open(billOf(orderId))).toBeUndefined();
    expect(gateway.cancel).toHaveBeenCalledExactlyOnceWith(`pi_${orderId}`);
    expect(await payments.open(billOf(orderId))).toBeUndefined();
  });
});

describe('closing', () => {
  test('needs no Stripe where nobody was ever told of an intent', async () => {
    const orderId = await plantOrder(service, person.userId);
    expect(await payments.close(orderId)).toBe(true);
    expect(gateway.cancel).not.toHaveBeenCalled();
    expect(await payments.open(billOf(orderId))).toBeUndefined();
  });

  test('is done when Stripe has cancelled, and says so when it came too late', async () => {
    const [orderId, other, third] = [await opened(), await opened(), await paid()];
    expect(await payments.close(orderId)).toBe(true);
    expect((await paymentOf(orderId)).status).toBe('cancelled');
    gateway.cancel.mockResolvedValueOnce(false);
    expect(await payments.close(other)).toBe(false);
    gateway.cancel.mockRejectedValueOnce(new Error('away'));
    await expect(payments.close(other)).rejects.toThrow('away');
    expect((await paymentOf(other)).status).toBe('open');
    expect(await payments.close(third)).toBe(false);
  });
});

describe('an event', () => {
  test('counts when Stripe has signed it, as it is and lately', async () => {
    const orderId = await opened();
    const event = succeeded(orderId);
    const refused = [
      await deliver(event, { secret: `whsec_${'8'.repeat(24)}` }),
      await deliver(event, { timestamp: Date.now() / 1000 - 600 }),
      await deliver(event, { tamper: (text) => text.replace('500', '501') }),
      await deliver(eventOf('payment_intent.succeeded', { id: 7 })),
      await fetch(`${service.url}/v1/webhooks/stripe`, { method: 'POST' }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
    expect(await prisma.stripeEvent.count({ where: { id: event.id } })).toBe(0);
    expect(await statusOf(orderId)).toBe('PENDING_PAYMENT');
  });

  test('is taken once, and so is what it tells of', async () => {
    const orderId = await opened();
    const event = succeeded(orderId);
    const copies = await Promise.all([deliver(event), deliver(event), deliver(succeeded(orderId))]);
    expect(copies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await prisma.orderTransition.count({ where: { orderId, toStatus: 'PAID' } })).toBe(1);
    expect(await paymentOf(orderId)).toMatchObject({ status: 'captured', capturedMinor: 500, refundedMinor: 0 });
  });

  test('that is old news changes nothing', async () => {
    const orderId = await paid();
    for (const type of ['payment_intent.payment_failed', 'payment_intent.canceled', 'payment_intent.created']) {
      expect((await deliver({ ...succeeded(orderId), type })).status).toBe(200);
    }
    expect([await statusOf(orderId), (await paymentOf(orderId)).status]).toEqual(['PAID', 'captured']);
  });

  test('of an intent that this service was about to learn of finds its order', async () => {
    const orderId = await plantOrder(service, person.userId);
    gateway.create.mockImplementationOnce(async () => {
      await deliver(succeeded(orderId));
      return { intentId: `pi_${orderId}`, clientSecret: 'secret' };
    });
    await payments.open(billOf(orderId));
    expect(await statusOf(orderId)).toBe('PAID');
  });

  test('of an intent of nobody is noted', async () => {
    for (const metadata of [{}, { orderId: randomUUID() }, { orderId: 'theirs' }]) {
      const event = succeeded(randomUUID(), { metadata });
      expect((await deliver(event)).status).toBe(200);
      expect(await prisma.stripeEvent.findUnique({ where: { id: event.id } })).toMatchObject({ outcome: 'unknown' });
    }
  });

  test('of another amount or currency leaves the order unpaid', async () => {
    for (const change of [{ amount_received: 499 }, { amount_received: 501 }, { currency: 'usd' }]) {
      const orderId = await opened();
      expect((await deliver(succeeded(orderId, change))).status).toBe(200);
      expect([await statusOf(orderId), (await paymentOf(orderId)).status]).toEqual(['PENDING_PAYMENT', 'mismatch']);
      expect(await payments.close(orderId)).toBe(true);
    }
  });

  test('of a payment that came too late gives the money back', async () => {
    const orderId = await opened();
    await setStatus(orderId, 'EXPIRED');
    await deliver(succeeded(orderId));
    await relay();
    const [refund] = await prisma.refund.findMany({ where: { payment: { orderId } } });
    expect(gateway.refund).toHaveBeenCalledExactlyOnceWith({ id: refund?.id, orderId, intentId: `pi_${orderId}`, amountMinor: 500 });
    expect([await statusOf(orderId), (await paymentOf(orderId)).refundedMinor]).toEqual(['EXPIRED', 500]);
    await deliver(refundEvent({ id: refund?.id ?? '', orderId, amountMinor: 500 } as Refund, 'succeeded'));
    expect([await statusOf(orderId), (await prisma.refund.findFirst({ where: { payment: { orderId } } }))?.status]).toEqual(['EXPIRED', 'succeeded']);
  });
});

describe('a refund', () => {
  test('is written down, asked for once, and finished by the webhook', async () => {
    const orderId = await paid();
    const { status, body } = await askRefund(orderId, { amountMinor: 200, reason: 'one of two' });
    expect(status).toBe(202);
    expect(RefundAnswer.safeParse(body).success).toBe(true);
    expect(await statusOf(orderId)).toBe('REFUND_PENDING');
    await relay();
    await relay();
    expect(gateway.refund).toHaveBeenCalledExactlyOnceWith({ id: body.id, orderId, intentId: `pi_${orderId}`, amountMinor: 200 });
    await deliver(refundEvent(body, 'succeeded'));
    await deliver(refundEvent(body, 'pending', 'refund.created'));
    expect(await statusOf(orderId)).toBe('PARTIALLY_REFUNDED');
    const rest = await askRefund(orderId);
    expect(rest.body.amountMinor).toBe(300);
    await deliver(refundEvent(rest.body, 'succeeded'));
    expect([await statusOf(orderId), (await paymentOf(orderId)).refundedMinor]).toEqual(['REFUNDED', 500]);
    const listed = await call<{ data: Refund[] }>(service, 'GET', `/v1/orders/${orderId}/refunds`, { headers: staff.headers });
    expect(new Set(listed.body.data.map(({ amountMinor }) => amountMinor))).toEqual(new Set([200, 300]));
  });

  test('that fails gives the order back what it was', async () => {
    const orderId = await paid();
    const first = await askRefund(orderId, { amountMinor: 200, reason: 'x' });
    await deliver(refundEvent(first.body, 'failed', 'refund.failed'));
    expect([await statusOf(orderId), (await paymentOf(orderId)).refundedMinor]).toEqual(['PAID', 0]);
    await deliver(refundEvent(first.body, 'succeeded'));
    expect((await paymentOf(orderId)).refundedMinor).toBe(0);
    gateway.refund.mockResolvedValueOnce(undefined);
    await askRefund(orderId, { amountMinor: 200, reason: 'refused right away' });
    await relay();
    expect([await statusOf(orderId), (await paymentOf(orderId)).refundedMinor]).toEqual(['PAID', 0]);
  });

  test('that fails after it had succeeded is put right in the books', async () => {
    const orderId = await paid();
    const { body } = await askRefund(orderId);
    await deliver(refundEvent(body, 'succeeded'));
    await deliver(refundEvent(body, 'failed', 'refund.failed'));
    expect([await statusOf(orderId), (await paymentOf(orderId)).refundedMinor]).toEqual(['REFUNDED', 0]);
    expect((await askRefund(orderId)).status).toBe(202);
  });

  test('is never more than was taken, and one at a time', async () => {
    const orderId = await paid();
    expect((await askRefund(orderId, { amountMinor: 501, reason: 'x' })).body).toMatchObject({ status: 409, code: 'refund.too_much' });
    expect((await askRefund(orderId, { amountMinor: 300, reason: 'x' })).status).toBe(202);
    expect((await askRefund(orderId, { amountMinor: 100, reason: 'x' })).body).toMatchObject({ status: 409, code: 'order.not_refundable' });
  });

  test('is for the staff, for an order that was paid, and has a key', async () => {
    const orderId = await opened();
    expect((await askRefund(orderId)).body).toMatchObject({ status: 409, code: 'order.not_refundable' });
    expect((await askRefund(randomUUID())).status).toBe(404);
    expect((await askRefund(orderId, { reason: 'x' }, person.headers)).status).toBe(403);
    const keyless = await call(service, 'POST', `/v1/orders/${orderId}/refunds`, { body: { reason: 'x' }, headers: staff.headers });
    expect(keyless.body).toMatchObject({ status: 400, errors: [{ pointer: '/headers/idempotency-key' }] });
    const [key, paidOrder] = [{ 'Idempotency-Key': randomUUID() }, await paid()];
    const first = await askRefund(paidOrder, { reason: 'x' }, key);
    expect((await askRefund(paidOrder, { reason: 'x' }, key)).body).toEqual(first.body);
    expect((await askRefund(paidOrder, { reason: 'y' }, key)).status).toBe(422);
  });

  test('that Stripe tells otherwise of is left as it is', async () => {
    const { body } = await askRefund(await paid());
    const event = refundEvent({ ...body, amountMinor: 1 }, 'succeeded');
    await deliver(event);
    expect(await prisma.stripeEvent.findUnique({ where: { id: event.id } })).toMatchObject({ outcome: 'refund-mismatch' });
    expect((await prisma.refund.findUnique({ where: { id: body.id } }))?.status).toBe('pending');
  });
});
