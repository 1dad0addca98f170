import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { bodyOf, problemOf, type Answer, type Client } from '../support/http.ts';
import { at, hold, level, movements, order, pay, placed, product, statusOf, untilWaiting, type Leaf, type Order, type Shop } from './world.ts';

type Step = 'cancel' | 'fulfil' | 'ship' | 'deliver';

const STATUSES = ['PENDING_PAYMENT', 'PAID', 'FULFILLING', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'EXPIRED', 'REFUND_PENDING', 'REFUNDED', 'PARTIALLY_REFUNDED'];
const RESULTS: Readonly<Record<Step, string>> = { cancel: 'CANCELLED', fulfil: 'FULFILLING', ship: 'SHIPPED', deliver: 'DELIVERED' };
const LEGAL: Readonly<Record<Step, readonly string[]>> = { cancel: ['PENDING_PAYMENT'], fulfil: ['PAID', 'PARTIALLY_REFUNDED'], ship: ['FULFILLING'], deliver: ['SHIPPED'] };

const step = (client: Client, id: string, name: Step): Promise<Answer<Order>> => client.post<Order>(`/v1/orders/${id}/${name}`);

const bought = async (shop: Shop, quantity = 1): Promise<Order & { readonly sku: string }> => {
  const { sku } = await product(shop);
  return { ...(await placed(shop.customer.api, [sku, quantity])), sku };
};

/** Puts an order into a status, without what led to it. */
const plant = ({ database }: Shop, id: string, status: string) => database.query('update orders set status = $2::order_status where id = $1', [id, status]);

const transitions: readonly Leaf<Shop>[] = [
  {
    id: 'transitions',
    title: 'an order goes its way step by step, and tells who moved it',
    body: async (shop) => {
      const { id, sku } = await bought(shop, 4);
      await pay(shop, id);
      assert.deepEqual(await level(shop, sku), [6, 0]);
      for (const name of ['fulfil', 'ship', 'deliver'] as const) {
        const answer = await step(shop.staff.api, id, name);
        const { status, version } = bodyOf(answer);
        assert.equal(status, RESULTS[name]);
        assert.equal(answer.headers.get('etag'), `"${version}"`);
      }
      const { transitions: told = [], status, version } = await order(shop, id);
      assert.deepEqual(told.map(({ from, to }) => [from, to].join()), [',PENDING_PAYMENT', 'PENDING_PAYMENT,PAID', 'PAID,FULFILLING', 'FULFILLING,SHIPPED', 'SHIPPED,DELIVERED']);
      assert.deepEqual(told.slice(2).map(({ actor }) => actor), ['staff', 'staff', 'staff']);
      const known = bodyOf(await shop.staff.api.get<Order>(`/v1/staff/orders/${id}`)).transitions;
      assert.deepEqual(known?.slice(2).map(({ actor }) => actor), [1, 2, 3].map(() => shop.staff.userId));
      assert.deepEqual([status, version], ['DELIVERED', 5]);
    },
  },
  {
    id: 'transitions',
    title: 'every other move is 409, from every status, and changes nothing',
    body: async (shop) => {
      const { id, sku } = await bought(shop);
      const steps = Object.keys(RESULTS) as Step[];
      for (const status of STATUSES) {
        await plant(shop, id, status);
        for (const name of steps.filter((known) => !LEGAL[known].includes(status))) {
          const problem = problemOf(await step(name === 'cancel' ? shop.customer.api : shop.staff.api, id, name), 409);
          assert.equal(problem.code, 'order.illegal_move', `${name} of an order that is ${status}`);
          assert.equal(await statusOf(shop, id), status);
        }
      }
      assert.deepEqual([await level(shop, sku), (await order(shop, id)).transitions?.length], [[10, 1], 1]);
    },
  },
  {
    id: 'transitions',
    title: 'of one move, made many times at once, one is made',
    body: async (shop) => {
      const { id } = await bought(shop);
      await pay(shop, id);
      const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => step(at(shop, shop.staff, n), id, 'fulfil')));
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array.from({ length: 7 }, () => 409)]);
      assert.equal((await order(shop, id)).transitions?.length, 3);
    },
  },
  {
    id: 'transitions',
    title: 'only the staff takes an order further',
    body: async (shop) => {
      const { id } = await bought(shop);
      await pay(shop, id);
      for (const name of ['fulfil', 'ship', 'deliver'] as const) problemOf(await step(shop.customer.api, id, name), 403);
      problemOf(await step(shop.staff.api, randomUUID(), 'fulfil'), 404);
      bodyOf(await step(shop.admin.api, id, 'fulfil'));
    },
  },
];

const cancels: readonly Leaf<Shop>[] = [
  {
    id: 'cancel',
    title: 'gives the goods back, and is final',
    body: async (shop) => {
      const { id, sku } = await bought(shop, 3);
      const { status, version } = bodyOf(await step(shop.customer.api, id, 'cancel'));
      assert.deepEqual([status, version], ['CANCELLED', 2]);
      assert.deepEqual([await level(shop, sku), await movements(shop, sku)], [[10, 0], ['reserved 0 3', 'released 0 -3']]);
      problemOf(await step(shop.customer.api, id, 'cancel'), 409);
      assert.deepEqual((await order(shop, id)).transitions?.at(-1)?.actor, shop.customer.userId);
    },
  },
  {
    id: 'cancel',
    title: 'many times at once gives the goods back once',
    body: async (shop) => {
      const { id, sku } = await bought(shop, 3);
      // Another order of the same goods: what is given back twice would be taken from it.
      await placed(shop.buyers[1].api, [sku, 6]);
      const letGo = await hold(shop, sku);
      const cancelling = Array.from({ length: 6 }, (_, n) => step(at(shop, shop.customer, n), id, 'cancel'));
      await untilWaiting(shop, 1);
      await letGo();
      const answers = await Promise.all(cancelling);
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409, 409, 409, 409, 409]);
      assert.deepEqual([await level(shop, sku), await movements(shop, sku)], [[10, 6], ['reserved 0 3', 'reserved 0 6', 'released 0 -3']]);
    },
  },
  {
    id: 'cancel',
    title: 'of an order that is just being paid, one of the two happens',
    body: async (shop) => {
      for (let round = 0; round < 6; round += 1) {
        const { id, sku } = await bought(shop, 2);
        const [answer] = await Promise.all([step(shop.customer.api, id, 'cancel'), pay(shop, id)]);
        const cancelled = answer.status === 200;
        assert.equal(await statusOf(shop, id), cancelled ? 'CANCELLED' : 'PAID');
        assert.deepEqual(await level(shop, sku), cancelled ? [10, 0] : [8, 0]);
      }
    },
  },
];

const isolation: readonly Leaf<Shop>[] = [
  {
    id: 'isolation',
    title: 'other people’s orders do not exist for you, and the staff knows them all',
    body: async (shop) => {
      const { customer, staff, stranger, database } = shop;
      const { id, sku } = await bought(shop);
      await database.query('update orders set user_id = $2 where id = $1', [id, stranger.userId]);
      const read = problemOf(await customer.api.get(`/v1/orders/${id}`), 404);
      const none = problemOf(await customer.api.get(`/v1/orders/${randomUUID()}`), 404);
      assert.deepEqual([read.code, read.detail], [none.code, none.detail]);
      problemOf(await step(customer.api, id, 'cancel'), 404);
      assert.deepEqual([await statusOf(shop, id), await level(shop, sku)], ['PENDING_PAYMENT', [10, 1]]);
      const { data } = bodyOf(await customer.api.get<{ data: Order[] }>('/v1/orders?limit=100'));
      assert.ok(data.length > 0 && data.every((own) => own.id !== id));
      assert.partialDeepStrictEqual(bodyOf(await staff.api.get<Order>(`/v1/staff/orders/${id}`)), { id, userId: stranger.userId, status: 'PENDING_PAYMENT' });
    },
  },
  {
    id: 'isolation',
    title: 'everybody’s orders are for the staff alone',
    body: async (shop) => {
      const { id } = await bought(shop);
      for (const path of ['/v1/staff/orders', `/v1/staff/orders/${id}`]) {
        problemOf(await shop.customer.api.get(path), 403);
        bodyOf(await shop.admin.api.get(path));
      }
      const pending = bodyOf(await shop.staff.api.get<{ data: Order[] }>('/v1/staff/orders?status=PENDING_PAYMENT&limit=100')).data;
      assert.ok(pending.some((found) => found.id === id) && pending.every(({ status }) => status === 'PENDING_PAYMENT'));
      problemOf(await shop.staff.api.get('/v1/staff/orders?status=LOST'), 400);
    },
  },
  {
    id: 'isolation',
    title: 'a cart is nobody else’s',
    body: async (shop) => {
      const [one, two] = shop.buyers;
      const [mine, theirs] = [await product(shop), await product(shop)];
      await placed(two.api, [theirs.sku, 1]);
      bodyOf(await one.api.put(`/v1/cart/items/${mine.sku}`, { quantity: 2 }));
      const { items } = bodyOf(await two.api.get<{ items: unknown[] }>('/v1/cart'));
      assert.deepEqual(items, []);
      problemOf(await two.api.delete(`/v1/cart/items/${mine.sku}`), 404);
    },
  },
  {
    id: 'isolation',
    title: 'a list goes on where its page ended, newest first',
    body: async (shop) => {
      const { sku } = await product(shop, { stock: 50 });
      const made: string[] = [];
      for (let count = 0; count < 5; count += 1) made.unshift((await placed(shop.customer.api, [sku, 1])).id);
      // Of one moment, so that only the id tells them apart.
      await shop.database.query('update orders set placed_at = $2 where id = any ($1)', [made.slice(0, 3), '2031-01-01T00:00:00Z']);
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null && seen.length < 5; ) {
        const query: string = cursor && `&cursor=${cursor}`;
        const body = bodyOf(await shop.customer.api.get<{ data: Order[]; page: { nextCursor: string | null } }>(`/v1/orders?limit=2${query}`));
        seen.push(...body.data.map(({ id }) => id));
        cursor = body.page.nextCursor;
      }
      assert.deepEqual(new Set(seen.slice(0, 3)), new Set(made.slice(0, 3)));
      assert.deepEqual(seen.slice(3, 5), made.slice(3));
    },
  },
];

function pointers(answer: Answer<unknown>): readonly string[] {
  return (problemOf(answer, 400).errors ?? []).map(({ pointer }) => pointer);
}

const validation: readonly Leaf<Shop>[] = [
  {
    id: 'validation',
    title: 'a quantity is a whole number from 1 to 99, and nothing else is sent',
    body: async (shop) => {
      const { api } = shop.customer;
      const { sku } = await product(shop);
      const path = `/v1/cart/items/${sku}`;
      for (const quantity of [0, -1, 100, 1.5, '2', null, true, [1], 2 ** 31]) assert.deepEqual(pointers(await api.put(path, { quantity })), ['/body/quantity'], String(quantity));
      assert.deepEqual(pointers(await api.put(path, {})), ['/body/quantity']);
      assert.deepEqual(pointers(await api.put(path, { quantity: 1, price: 1 })), ['/body/price']);
      bodyOf(await api.put(path, { quantity: 99 }));
    },
  },
  {
    id: 'validation',
    title: 'a checkout takes an object with nothing in it',
    body: async ({ customer: { api } }) => {
      const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() };
      for (const body of ['null', '[]', '7', '"x"']) assert.deepEqual(pointers(await api.send('POST', '/v1/orders', body, headers)), ['/body'], body);
      assert.deepEqual(pointers(await api.post('/v1/orders')), ['/body']);
      assert.deepEqual(pointers(await api.post('/v1/orders', { coupon: 'FREE' }, headers)), ['/body/coupon']);
    },
  },
  {
    id: 'validation',
    title: 'what an address or a query cannot be is 400',
    body: async ({ customer: { api }, staff }) => {
      for (const sku of ['lower-case', 'A'.repeat(41), 'A--B', '%20', 'Ä']) assert.deepEqual(pointers(await api.put(`/v1/cart/items/${sku}`, { quantity: 1 })), ['/path/sku'], sku);
      for (const path of ['/v1/orders/7', '/v1/orders/x/cancel']) {
        assert.deepEqual(pointers(path.endsWith('cancel') ? await api.post(path) : await api.get(path)), ['/path/id']);
      }
      for (const query of ['limit=0', 'limit=101', 'limit=x']) assert.deepEqual(pointers(await api.get(`/v1/orders?${query}`)), ['/query/limit'], query);
      const forged = Buffer.from(JSON.stringify(['placedAt', 'yesterday', randomUUID()])).toString('base64url');
      for (const cursor of ['none', forged]) assert.deepEqual(pointers(await api.get(`/v1/orders?cursor=${cursor}`)), ['/query/cursor'], cursor);
      assert.deepEqual(pointers(await api.get('/v1/orders?userId=1')), ['/query/userId']);
      assert.deepEqual(pointers(await staff.api.get('/v1/staff/orders?status=paid')), ['/query/status']);
    },
  },
];

export const moves: readonly Leaf<Shop>[] = [...transitions, ...cancels, ...isolation, ...validation];
