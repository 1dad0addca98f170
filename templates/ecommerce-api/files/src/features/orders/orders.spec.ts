import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { PrismaService } from '../../db/prisma.service.ts';
import type { OrderStatus } from '../../generated/prisma/enums.ts';
import { OrderLedger } from '../../ports/orders.ts';
import { BILLED, Payments, type OpenPayment } from '../../ports/payments.ts';
import { call, startApp, type Reply, type TestApp } from '../../testing/app.ts';
import { plantPerson, plantVariant, withCallers, withOffers, type Headers } from '../../testing/shop.ts';
import { Expiry } from './expiry.ts';
import { CartAnswer, MOST_LINES, OrderAnswer, PlacedOrderAnswer, StaffOrderAnswer, type Cart, type PlacedOrder } from './schema.ts';

const payments = { open: vi.fn<Payments['open']>(), close: vi.fn<Payments['close']>() };
const PAYMENT: OpenPayment = { intentId: 'pi_1', clientSecret: 'pi_1_secret_2' };
let service: TestApp;
let prisma: PrismaService;
let person: { readonly userId: string; readonly headers: Headers };
let staff: { readonly userId: string; readonly headers: Headers };

beforeAll(async () => {
  service = await startApp({}, (module) => withOffers(withCallers(module)).overrideProvider(Payments).useValue(payments));
  prisma = service.app.get(PrismaService);
  staff = await plantPerson(service, 'staff');
});

afterAll(() => service.app.close());

beforeEach(async () => {
  person = await plantPerson(service);
  payments.open.mockReset().mockResolvedValue(PAYMENT);
  payments.close.mockReset().mockResolvedValue(true);
});

const send = <Body = Record<string, unknown>>(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Reply<Body>> =>
  call<Body>(service, method, `/v1${path}`, { body, headers: { ...person.headers, ...headers } });

const put = (sku: string, quantity = 1, headers: Headers = {}) => send<Cart>('PUT', `/cart/items/${sku}`, { quantity }, headers);
const place = (key: string = randomUUID()) => send<PlacedOrder>('POST', '/orders', {}, { 'Idempotency-Key': key });
const variant = (id: string) => prisma.variant.findUniqueOrThrow({ where: { id }, select: { onHand: true, reserved: true } });
const movements = async (variantId: string) =>
  (await prisma.stockMovement.findMany({ where: { variantId }, orderBy: { id: 'asc' } })).map(({ kind, onHandDelta, reservedDelta }) => [kind, onHandDelta, reservedDelta]);

async function bought(quantity = 1, onHand = 10) {
  const { id, sku } = await plantVariant(service, { onHand });
  await put(sku, quantity);
  const { status, body } = await place();
  expect(status).toBe(201);
  return { variantId: id, order: body };
}

const move = (id: string, from: OrderStatus, to: OrderStatus) =>
  prisma.transaction((tx) => service.app.get(OrderLedger).move(tx, id, from, to, { actor: 'test', reason: '' }));

const sweep = async () => {
  while (await service.app.get(Expiry).sweep());
};
const overdue = (id: string, seconds = 1) =>
  prisma.$executeRaw`update orders set expires_at = now() - make_interval(secs => ${seconds}), leased_until = null where id = ${id}::uuid`;
const statusOf = async (id: string) => (await prisma.order.findUniqueOrThrow({ where: { id } })).status;

describe('a cart', () => {
  test('is empty at first, and holds what is put in', async () => {
    const empty = await send<Cart>('GET', '/cart');
    expect(empty.body).toEqual({ items: [], unavailable: [], currency: null, totalMinor: 0, version: 0 });
    expect(empty.headers.get('etag')).toBe('"0"');
    const { sku } = await plantVariant(service, { priceMinor: 250 });
    await put(sku, 1);
    const { body, headers } = await put(sku, 3);
    expect(body).toEqual({ items: [{ sku, title: 'Teapot', quantity: 3, unitMinor: 250, lineMinor: 750 }], unavailable: [], currency: 'EUR', totalMinor: 750, version: 2 });
    expect(CartAnswer.safeParse(body).success).toBe(true);
    expect(headers.get('etag')).toBe('"2"');
  });

  test('shows the price of now, whatever a client has seen before', async () => {
    const { id, sku } = await plantVariant(service);
    const { headers } = await put(sku);
    await prisma.variant.update({ where: { id }, data: { priceMinor: 700 } });
    const { status, body } = await send<Cart>('GET', '/cart', undefined, { 'If-None-Match': headers.get('etag') ?? '', 'Cache-Control': 'max-age=0' });
    expect([status, body.totalMinor]).toEqual([200, 700]);
  });

  test('takes no more than it can, and one currency', async () => {
    const first = await plantVariant(service);
    await put(first.sku);
    const other = await plantVariant(service, { currency: 'USD' });
    expect((await put(other.sku)).body).toMatchObject({ status: 409, code: 'cart.currency' });
    const product = await prisma.variant.findUniqueOrThrow({ where: { id: first.id } });
    const many = Array.from({ length: MOST_LINES }, () => ({ productId: product.productId, sku: randomUUID().toUpperCase(), priceMinor: 1, currency: 'EUR' }));
    await prisma.variant.createMany({ data: many });
    for (const { sku } of many.slice(1)) expect((await put(sku)).status).toBe(200);
    expect((await put(many[0]?.sku ?? '')).body).toMatchObject({ status: 409, code: 'cart.full' });
  });

  test('is changed by whoever knows its version, or asks for none', async () => {
    const { sku } = await plantVariant(service);
    expect((await put(sku, 1, { 'If-Match': '"0"' })).status).toBe(200);
    expect((await put(sku, 2, { 'If-Match': '"0"' })).status).toBe(412);
    expect((await send('DELETE', `/cart/items/${sku}`, undefined, { 'If-Match': '"1"' })).status).toBe(204);
    expect((await send('DELETE', `/cart/items/${sku}`)).body).toMatchObject({ status: 404, code: 'cart.item_not_found' });
    expect((await send('DELETE', '/cart')).status).toBe(204);
  });

  test('keeps what is no longer for sale, and says so', async () => {
    const { id, sku } = await plantVariant(service);
    await put(sku);
    await prisma.variant.update({ where: { id }, data: { retired: true } });
    expect((await send<Cart>('GET', '/cart')).body).toMatchObject({ items: [], unavailable: [sku], totalMinor: 0 });
    expect((await put(sku)).status).toBe(404);
    expect((await place()).body).toMatchObject({ status: 409, code: 'order.out_of_stock', errors: [{ pointer: `/cart/items/${sku}` }] });
  });
});

describe('a checkout', () => {
  test('makes an order of the cart, keeps the goods and asks for a payment', async () => {
    const { variantId, order } = await bought(3);
    expect(PlacedOrderAnswer.safeParse(order).success).toBe(true);
    expect(order).toMatchObject({ status: 'PENDING_PAYMENT', totalMinor: 1500, currency: 'EUR', payment: PAYMENT, version: 1 });
    expect(await variant(variantId)).toEqual({ onHand: 10, reserved: 3 });
    expect(await movements(variantId)).toEqual([['reserved', 0, 3]]);
    const bill = { orderId: order.id, amountMinor: 1500, currency: 'EUR' };
    expect(payments.open).toHaveBeenCalledExactlyOnceWith(bill);
    const messages = await prisma.outboxMessage.findMany({ where: { topic: BILLED, payload: { path: ['orderId'], equals: order.id } } });
    expect(messages.map(({ payload }) => payload)).toEqual([bill]);
    expect((await send<Cart>('GET', '/cart')).body.items).toEqual([]);
  });

  test('stands without a payment where there is none yet', async () => {
    payments.open.mockRejectedValue(new Error('away'));
    expect((await bought()).order.payment).toBeNull();
    payments.open.mockReset().mockResolvedValue(undefined);
    expect((await bought()).order.payment).toBeNull();
  });

  test('names every line that is short, and leaves everything as it was', async () => {
    const [enough, scarce, gone] = [await plantVariant(service), await plantVariant(service, { onHand: 1 }), await plantVariant(service, { onHand: 0 })];
    for (const { sku } of [enough, scarce, gone]) await put(sku, 2);
    const { status, body } = await place();
    expect(status).toBe(409);
    const pointers = (body as unknown as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
    expect(new Set(pointers)).toEqual(new Set([scarce, gone].map(({ sku }) => `/cart/items/${sku}`)));
    expect(await variant(enough.id)).toEqual({ onHand: 10, reserved: 0 });
    expect((await send<Cart>('GET', '/cart')).body.items).toHaveLength(3);
  });

  test('happens once for a key, which is required and good for nothing else', async () => {
    const { sku } = await plantVariant(service);
    await put(sku);
    expect((await send('POST', '/orders', {})).body).toMatchObject({ status: 400, errors: [{ pointer: '/headers/idempotency-key' }] });
    const key = randomUUID();
    const first = await place(key);
    await put(sku);
    const again = await place(key);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('location')).toBe(`/v1/orders/${first.body.id}`);
    expect(await prisma.order.count({ where: { userId: person.userId } })).toBe(1);
    await prisma.idempotencyKey.updateMany({ where: { key }, data: { requestHash: Buffer.alloc(32) } });
    expect((await place(key)).status).toBe(422);
  });

  test('refuses an empty cart, and more than one payment can take', async () => {
    expect((await place()).body).toMatchObject({ status: 409, code: 'cart.empty' });
    const { sku } = await plantVariant(service, { priceMinor: 10_000_000, onHand: 99 });
    await put(sku, 10);
    expect((await place()).body).toMatchObject({ status: 409, code: 'order.too_large' });
  });
});

describe('an order', () => {
  test('is shown to its owner and to the staff, and to nobody else', async () => {
    const { order } = await bought();
    const mine = await send('GET', `/orders/${order.id}`);
    expect(OrderAnswer.safeParse(mine.body).success).toBe(true);
    expect(mine.body['transitions']).toMatchObject([{ from: null, to: 'PENDING_PAYMENT', actor: person.userId }]);
    const theirs = await send('GET', `/staff/orders/${order.id}`, undefined, staff.headers);
    expect(StaffOrderAnswer.safeParse(theirs.body).success).toBe(true);
    expect((await send('GET', `/staff/orders/${order.id}`)).status).toBe(403);
    const stranger = await plantPerson(service);
    for (const [method, path] of [['GET', ''], ['POST', '/cancel']] as const) expect((await send(method, `/orders/${order.id}${path}`, undefined, stranger.headers)).status).toBe(404);
  });

  test('is listed, newest first, in pages', async () => {
    const ids = [(await bought()).order.id, (await bought()).order.id, (await bought()).order.id].toReversed();
    const page = await send<{ data: { id: string }[]; page: { nextCursor: string } }>('GET', '/orders?limit=2');
    const rest = await send<{ data: { id: string }[] }>('GET', `/orders?limit=2&cursor=${page.body.page.nextCursor}`);
    expect([...page.body.data, ...rest.body.data].map(({ id }) => id)).toEqual(ids);
    expect(page.body.data[0]).not.toHaveProperty('userId');
    const pending = await send<{ data: { userId: string }[] }>('GET', '/staff/orders?status=PENDING_PAYMENT&limit=1', undefined, staff.headers);
    expect(pending.body.data[0]?.userId).toBe(person.userId);
  });

  test('is cancelled once its payment is closed, and not before', async () => {
    const { variantId, order } = await bought(2);
    payments.close.mockResolvedValueOnce(false);
    expect((await send('POST', `/orders/${order.id}/cancel`)).body).toMatchObject({ status: 409, code: 'order.being_paid' });
    payments.close.mockRejectedValueOnce(new Error('away'));
    expect((await send('POST', `/orders/${order.id}/cancel`)).status).toBe(500);
    expect(await variant(variantId)).toEqual({ onHand: 10, reserved: 2 });
    expect((await send('POST', `/orders/${order.id}/cancel`)).body).toMatchObject({ status: 'CANCELLED', version: 2 });
    expect(await variant(variantId)).toEqual({ onHand: 10, reserved: 0 });
    expect((await send('POST', `/orders/${order.id}/cancel`)).body).toMatchObject({ status: 409, code: 'order.illegal_move' });
  });

  test('goes its way step by step, and its goods are sold when it is paid', async () => {
    const { variantId, order } = await bought(2);
    const step = (name: string) => send('POST', `/orders/${order.id}/${name}`, undefined, staff.headers);
    expect((await step('fulfil')).body).toMatchObject({ status: 409, code: 'order.illegal_move' });
    expect(await move(order.id, 'PENDING_PAYMENT', 'PAID')).toBe(true);
    expect(await move(order.id, 'PENDING_PAYMENT', 'PAID')).toBe(false);
    expect(await variant(variantId)).toEqual({ onHand: 8, reserved: 0 });
    expect(await movements(variantId)).toEqual([['reserved', 0, 2], ['sold', -2, -2]]);
    expect((await step('ship')).status).toBe(409);
    for (const [name, status] of [['fulfil', 'FULFILLING'], ['ship', 'SHIPPED'], ['deliver', 'DELIVERED']] as const) expect((await step(name)).body).toMatchObject({ status });
    await expect(move(order.id, 'DELIVERED', 'PAID')).rejects.toThrow('no order moves from DELIVERED to PAID');
  });
});

describe('expiry', () => {
  test('ends what is overdue, and gives its goods back once', async () => {
    const [late, inTime] = [await bought(2), await bought(2)];
    await overdue(late.order.id);
    await sweep();
    await sweep();
    expect(payments.close).toHaveBeenCalledExactlyOnceWith(late.order.id);
    expect(await statusOf(late.order.id)).toBe('EXPIRED');
    expect(await movements(late.variantId)).toEqual([['reserved', 0, 2], ['released', 0, -2]]);
    expect(await statusOf(inTime.order.id)).toBe('PENDING_PAYMENT');
  });

  test('leaves what is being paid, and what nobody can tell of, for later', async () => {
    for (const answer of [() => payments.close.mockResolvedValueOnce(false), () => payments.close.mockRejectedValueOnce(new Error('away'))]) {
      const { variantId, order } = await bought(2);
      await overdue(order.id);
      answer();
      await sweep();
      await sweep();
      expect(await statusOf(order.id)).toBe('PENDING_PAYMENT');
      expect(await variant(variantId)).toEqual({ onHand: 10, reserved: 2 });
      await overdue(order.id);
      await sweep();
      expect(await statusOf(order.id)).toBe('EXPIRED');
    }
  });

  test('takes no order that another process is at', async () => {
    const { order } = await bought();
    await overdue(order.id);
    await prisma.$executeRaw`update orders set leased_until = now() + interval '1 minute' where id = ${order.id}::uuid`;
    await sweep();
    expect(payments.close).not.toHaveBeenCalled();
  });
});
