import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { etag } from '../catalog-world.ts';
import { bodyOf, problemOf } from '../support/http.ts';
import { at, checkOut, fill, hold, level, movements, order, placed, product, put, untilWaiting, type Cart, type Leaf, type Order, type Shop } from './world.ts';

const statuses = (answers: readonly { readonly status: number }[]): readonly number[] => answers.map(({ status }) => status).toSorted();

const countOrders = async ({ database }: Shop, userId: string): Promise<number> =>
  (await database.query('select 1 from orders where user_id = $1', [userId])).length;

const placing: readonly Leaf<Shop>[] = [
  {
    id: 'checkout',
    title: 'makes an order of the cart, and keeps the goods for it',
    body: async (shop) => {
      const { api } = shop.customer;
      const [one, two] = [await product(shop, { priceMinor: 1999, stock: 5 }), await product(shop, { priceMinor: 1, stock: 9 })];
      await fill(api, [[one.sku, 2], [two.sku, 9]]);
      const answer = await checkOut(api);
      const made = bodyOf(answer, 201);
      assert.equal(answer.headers.get('location'), `/v1/orders/${made.id}`);
      assert.equal(answer.headers.get('etag'), '"1"');
      assert.partialDeepStrictEqual(made, { status: 'PENDING_PAYMENT', currency: 'EUR', totalMinor: 4007, version: 1, payment: null });
      const lines = [{ sku: one.sku, title: one.title, quantity: 2, unitMinor: 1999, lineMinor: 3998 }, { sku: two.sku, title: two.title, quantity: 9, unitMinor: 1, lineMinor: 9 }];
      assert.deepEqual(new Set(made.items), new Set(lines));
      assert.ok(Date.parse(made.expiresAt) > Date.parse(made.placedAt));
      assert.deepEqual([await level(shop, one.sku), await level(shop, two.sku)], [[5, 2], [9, 9]]);
      assert.deepEqual(await movements(shop, one.sku), ['reserved 0 2']);
      assert.deepEqual(bodyOf(await api.get<Cart>('/v1/cart')).items, [], 'and empties the cart');
      const { payment: _payment, ...rest } = made;
      const { transitions = [], ...read } = await order(shop, made.id);
      assert.deepEqual(read, rest);
      assert.partialDeepStrictEqual(transitions, [{ from: null, to: 'PENDING_PAYMENT', actor: shop.customer.userId }]);
    },
  },
  {
    id: 'checkout',
    title: 'asks the catalog for the price, at that moment',
    body: async (shop) => {
      const { sku } = await product(shop, { priceMinor: 100 });
      await fill(shop.customer.api, [[sku, 3]]);
      bodyOf(await shop.staff.api.patch(`/v1/variants/${sku}`, { priceMinor: 250 }, etag(1)));
      assert.equal(bodyOf(await checkOut(shop.customer.api), 201).totalMinor, 750);
    },
  },
  {
    id: 'checkout',
    title: 'of an empty cart, or of more than one payment can take, is refused',
    body: async (shop) => {
      const { api } = shop.customer;
      await fill(api, []);
      assert.equal(problemOf(await checkOut(api), 409).code, 'cart.empty');
      const { sku } = await product(shop, { priceMinor: 10_000_000, stock: 20 });
      await fill(api, [[sku, 10]]);
      assert.equal(problemOf(await checkOut(api), 409).code, 'order.too_large');
      assert.deepEqual(await level(shop, sku), [20, 0]);
    },
  },
  {
    id: 'checkout',
    title: 'names each line that is short, and leaves everything as it was',
    body: async (shop) => {
      const { api } = shop.customer;
      const [enough, scarce, gone] = [await product(shop), await product(shop, { stock: 2 }), await product(shop, { stock: 0 })];
      const cart = await fill(api, [[scarce.sku, 3], [enough.sku, 1], [gone.sku, 1]]);
      const key = randomUUID();
      const problem = problemOf(await checkOut(api, key), 409);
      assert.equal(problem.code, 'order.out_of_stock');
      assert.deepEqual(new Set(problem.errors?.map(({ pointer }) => pointer)), new Set([scarce, gone].map(({ sku }) => `/cart/items/${sku}`)));
      assert.deepEqual([await level(shop, enough.sku), await level(shop, scarce.sku)], [[10, 0], [2, 0]]);
      assert.deepEqual(bodyOf(await api.get<Cart>('/v1/cart')).items, cart?.items);
      for (const { sku } of [scarce, gone]) bodyOf(await shop.staff.api.post(`/v1/variants/${sku}/stock`, { delta: 5, reason: 'delivery' }), 201);
      bodyOf(await checkOut(api, key), 201);
    },
  },
];

const racing: readonly Leaf<Shop>[] = [
  {
    id: 'oversell',
    title: 'of checkouts for the last one at two processes, exactly one wins',
    body: async (shop) => {
      for (let round = 0; round < 3; round += 1) {
        const { sku } = await product(shop, { stock: 1 });
        for (const buyer of shop.buyers) await fill(buyer.api, [[sku, 1]]);
        // All of them have looked before any of them takes.
        const letGo = await hold(shop, sku);
        const checkouts = shop.buyers.map((buyer, n) => checkOut(at(shop, buyer, n)));
        await untilWaiting(shop, shop.buyers.length);
        await letGo();
        const answers = await Promise.all(checkouts);
        assert.deepEqual(statuses(answers), [201, ...shop.buyers.slice(1).map(() => 409)]);
        for (const answer of answers.filter(({ status }) => status === 409)) assert.equal(problemOf(answer, 409).code, 'order.out_of_stock');
        assert.deepEqual(await level(shop, sku), [1, 1]);
        assert.deepEqual(await movements(shop, sku), ['reserved 0 1']);
      }
    },
  },
  {
    id: 'oversell',
    title: 'whoever comes when enough is left gets all of it, or nothing',
    body: async (shop) => {
      const { sku } = await product(shop, { stock: 5 });
      for (const buyer of shop.buyers) await fill(buyer.api, [[sku, 2]]);
      const answers = await Promise.all(shop.buyers.map((buyer, n) => checkOut(at(shop, buyer, n))));
      assert.equal(answers.filter(({ status }) => status === 201).length, 2);
      assert.deepEqual(await level(shop, sku), [5, 4]);
    },
  },
  {
    id: 'oversell',
    title: 'carts that hold the same things in another order never stand in each other’s way',
    body: async (shop) => {
      const goods = await Promise.all(Array.from({ length: 6 }, () => product(shop, { stock: 1000 })));
      for (let round = 0; round < 5; round += 1) {
        for (const buyer of shop.buyers) await fill(buyer.api, shop.random.shuffle(goods).map(({ sku }) => [sku, 1]));
        const answers = await Promise.all(shop.buyers.map((buyer, n) => checkOut(at(shop, buyer, n))));
        for (const answer of answers) bodyOf(answer, 201);
      }
      for (const { sku } of goods) assert.deepEqual(await level(shop, sku), [1000, 5 * shop.buyers.length]);
    },
  },
];

const keys: readonly Leaf<Shop>[] = [
  {
    id: 'idempotency',
    title: 'one key, many times at once at two processes, is one order',
    body: async (shop) => {
      const { sku } = await product(shop, { stock: 50 });
      const before = await countOrders(shop, shop.customer.userId);
      await fill(shop.customer.api, [[sku, 1]]);
      const key = randomUUID();
      const burst = await Promise.all(Array.from({ length: 12 }, (_, n) => checkOut(at(shop, shop.customer, n), key)));
      assert.ok(burst.every(({ status }) => status === 201 || status === 409), String(statuses(burst)));
      for (const answer of burst.filter(({ status }) => status === 409)) assert.equal(problemOf(answer, 409).code, 'idempotency.in_flight');
      const again = bodyOf(await checkOut(shop.customer.api, key), 201);
      for (const { body } of burst.filter(({ status }) => status === 201)) assert.deepEqual(body, again);
      assert.equal(await countOrders(shop, shop.customer.userId), before + 1);
      assert.deepEqual(await level(shop, sku), [50, 1]);
    },
  },
  {
    id: 'idempotency',
    title: 'a key answers the same for good, whatever is in the cart by then',
    body: async (shop) => {
      const { api } = shop.customer;
      const [one, two] = [await product(shop), await product(shop)];
      await fill(api, [[one.sku, 1]]);
      const key = randomUUID();
      const first = bodyOf(await checkOut(api, key), 201);
      await fill(api, [[two.sku, 5]]);
      const again = await checkOut(at(shop, shop.customer, 1), key);
      assert.deepEqual(bodyOf(again, 201), first);
      assert.equal(again.headers.get('location'), `/v1/orders/${first.id}`);
      assert.equal(bodyOf(await api.get<Cart>('/v1/cart')).items.length, 1);
      assert.deepEqual(await level(shop, two.sku), [10, 0]);
    },
  },
  {
    id: 'idempotency',
    title: 'a key is required, has its form, and is good for one request alone',
    body: async (shop) => {
      const { api } = shop.staff;
      const { sku } = await product(shop);
      await fill(api, [[sku, 1]]);
      assert.deepEqual(problemOf(await api.post('/v1/orders', {}), 400).errors?.map(({ pointer }) => pointer), ['/headers/idempotency-key']);
      for (const key of [' ', 'a b', 'x'.repeat(256)]) problemOf(await checkOut(api, key), 400);
      const key = randomUUID();
      bodyOf(await api.post(`/v1/variants/${sku}/stock`, { delta: 1, reason: 'found' }, { 'Idempotency-Key': key }), 201);
      assert.equal(problemOf(await checkOut(api, key), 422).code, 'idempotency.key_reused');
      bodyOf(await checkOut(api), 201);
    },
  },
  {
    id: 'idempotency',
    title: 'the same key of somebody else is another key',
    body: async (shop) => {
      const { sku } = await product(shop);
      const [one, two] = shop.buyers;
      const key = randomUUID();
      for (const { api } of [one, two]) await fill(api, [[sku, 1]]);
      const [first, second] = [bodyOf(await checkOut(one.api, key), 201), bodyOf(await checkOut(two.api, key), 201)];
      assert.notEqual(first.id, second.id);
    },
  },
];

const totals: readonly Leaf<Shop>[] = [
  {
    id: 'totals',
    title: 'are the sums of their lines, and stay what they were',
    body: async (shop) => {
      const { api } = shop.customer;
      const goods = await Promise.all([1, 2, 3].map((n) => product(shop, { priceMinor: n * 333, stock: 99 })));
      const made = await placed(api, ...goods.map(({ sku }, n) => [sku, n * 7 + 1] as const));
      for (const { unitMinor, quantity, lineMinor } of made.items) assert.equal(lineMinor, unitMinor * quantity);
      assert.equal(made.totalMinor, made.items.reduce((sum, { lineMinor }) => sum + lineMinor, 0));
      const [first, second, third] = goods;
      bodyOf(await shop.staff.api.patch(`/v1/variants/${first?.sku}`, { priceMinor: 1 }, etag(1)));
      bodyOf(await shop.staff.api.patch(`/v1/products/${second?.id}`, { title: 'Something else' }, etag(second?.version ?? 0)));
      bodyOf(await shop.staff.api.delete(`/v1/products/${third?.id}`), 204);
      const { payment: _payment, ...rest } = made;
      const { transitions: _transitions, ...now } = await order(shop, made.id);
      assert.deepEqual(now, rest);
    },
  },
  {
    id: 'totals',
    title: 'are nothing that a client could name',
    body: async (shop) => {
      const { api } = shop.customer;
      const { sku } = await product(shop, { priceMinor: 5000 });
      await fill(api, [[sku, 1]]);
      for (const body of [{ totalMinor: 1 }, { items: [{ sku, quantity: 1, unitMinor: 1 }] }, { currency: 'JPY' }]) {
        problemOf(await api.post('/v1/orders', body, { 'Idempotency-Key': randomUUID() }), 400);
      }
      problemOf(await api.put(`/v1/cart/items/${sku}`, { quantity: 1, unitMinor: 1 }), 400);
      assert.equal(bodyOf(await put(api, sku, 1)).totalMinor, 5000);
      assert.equal(bodyOf<Order>(await checkOut(api), 201).totalMinor, 5000);
    },
  },
];

export const checkout: readonly Leaf<Shop>[] = [...placing, ...racing, ...keys, ...totals];
