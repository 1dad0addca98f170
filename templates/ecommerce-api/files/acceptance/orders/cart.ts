import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { etag } from '../catalog-world.ts';
import { bodyOf, problemOf } from '../support/http.ts';
import { at, checkOut, fill, product, put, type Cart, type Leaf, type Shop } from './world.ts';

const leaf = (title: string, body: Leaf<Shop>['body']): Leaf<Shop> => ({ id: 'cart', title, body });

const cartOf = async ({ customer }: Shop): Promise<Cart> => bodyOf(await customer.api.get<Cart>('/v1/cart'));

/** Variants that are nobody's business but ours: made by the staff's API, more than fifty would take a while. */
async function manyVariants(shop: Shop, many: number): Promise<readonly string[]> {
  const { id } = await product(shop);
  const skus = Array.from({ length: many }, () => randomUUID().toUpperCase());
  await shop.database.query("insert into variants (product_id, sku, price_minor, currency) select $1, unnest($2::text[]), 100, 'EUR'", [id, skus]);
  return skus;
}

const holding: readonly Leaf<Shop>[] = [
  leaf('what is put in is there, at the price of the catalog, until it is taken out', async (shop) => {
    const { api } = shop.customer;
    await fill(api, []);
    const [one, two] = [await product(shop, { priceMinor: 1250 }), await product(shop, { priceMinor: 399 })];
    bodyOf(await put(api, one.sku, 2));
    const answer = await put(api, two.sku, 3);
    const cart = bodyOf(answer);
    assert.deepEqual(cart.items, [
      { sku: one.sku, title: one.title, quantity: 2, unitMinor: 1250, lineMinor: 2500 },
      { sku: two.sku, title: two.title, quantity: 3, unitMinor: 399, lineMinor: 1197 },
    ]);
    assert.deepEqual([cart.currency, cart.totalMinor, cart.unavailable], ['EUR', 3697, []]);
    assert.equal(answer.headers.get('etag'), `"${cart.version}"`);
    assert.deepEqual(await cartOf(shop), cart);
    assert.equal(bodyOf(await put(api, one.sku, 1)).totalMinor, 2447, 'the quantity is set, not added');
    bodyOf(await api.delete(`/v1/cart/items/${one.sku}`), 204);
    problemOf(await api.delete(`/v1/cart/items/${one.sku}`), 404);
    bodyOf(await api.delete('/v1/cart'), 204);
    const empty = await cartOf(shop);
    assert.deepEqual([empty.items, empty.totalMinor, empty.currency], [[], 0, null]);
  }),

  leaf('shows the price of now, even to a client that has seen this version', async (shop) => {
    const { api } = shop.customer;
    const { sku } = await product(shop, { priceMinor: 500 });
    await fill(api, [[sku, 2]]);
    const before = await cartOf(shop);
    bodyOf(await shop.staff.api.patch(`/v1/variants/${sku}`, { priceMinor: 700 }, etag(1)));
    const after = await api.get<Cart>('/v1/cart', { 'If-None-Match': `"${before.version}"`, 'Cache-Control': 'max-age=0' });
    assert.deepEqual([bodyOf(after).totalMinor, after.body.version], [1400, before.version]);
  }),

  leaf('twenty things put in at once, at two processes, are all there', async (shop) => {
    const skus = await manyVariants(shop, 20);
    await fill(shop.customer.api, []);
    const before = await cartOf(shop);
    const answers = await Promise.all(skus.map((sku, n) => put(at(shop, shop.customer, n), sku)));
    for (const answer of answers) bodyOf(answer);
    const after = await cartOf(shop);
    assert.deepEqual(new Set(after.items.map(({ sku }) => sku)), new Set(skus));
    assert.equal(after.version, before.version + 20);
  }),

  leaf('a change of an older version is refused, where the client says which one it knows', async (shop) => {
    const { api } = shop.customer;
    const { sku } = await product(shop);
    const { version = 0 } = (await fill(api, [[sku, 1]])) ?? {};
    problemOf(await api.put(`/v1/cart/items/${sku}`, { quantity: 9 }, etag(version - 1)), 412);
    problemOf(await api.delete('/v1/cart', etag(version - 1)), 412);
    assert.deepEqual((await cartOf(shop)).items.map(({ quantity }) => quantity), [1]);
    bodyOf(await api.put(`/v1/cart/items/${sku}`, { quantity: 9 }, etag(version)));
  }),
];

const refusing: readonly Leaf<Shop>[] = [
  leaf('takes one currency', async (shop) => {
    const { api } = shop.customer;
    const [euros, dollars] = [await product(shop, { currency: 'EUR' }), await product(shop, { currency: 'USD' })];
    const before = await fill(api, [[euros.sku, 1]]);
    assert.equal(problemOf(await put(api, dollars.sku), 409).code, 'cart.currency');
    assert.deepEqual(await cartOf(shop), before, 'and nothing has changed');
    await fill(api, [[dollars.sku, 1]]);
  }),

  leaf('takes fifty different things, and no more of them when they come at once', async (shop) => {
    const skus = await manyVariants(shop, 53);
    await fill(shop.customer.api, skus.slice(0, 1).map((sku) => [sku, 1]));
    const more = 'insert into cart_items (user_id, variant_id, quantity) select $1, id, 1 from variants where sku = any ($2)';
    await shop.database.query(more, [shop.customer.userId, skus.slice(1, 48)]);
    const answers = await Promise.all(skus.slice(48).map((sku, n) => put(at(shop, shop.customer, n), sku)));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 200, 409, 409, 409]);
    assert.equal((await cartOf(shop)).items.length, 50);
    bodyOf(await put(shop.customer.api, skus[0] ?? '', 7));
  }),

  leaf('takes nothing that is not for sale', async (shop) => {
    const { api } = shop.customer;
    const [draft, archived] = [await product(shop, { status: 'draft' }), await product(shop)];
    bodyOf(await shop.staff.api.delete(`/v1/products/${archived.id}`), 204);
    for (const sku of [draft.sku, archived.sku, 'NO-SUCH-THING']) problemOf(await put(api, sku), 404);
  }),

  leaf('what is withdrawn later is named, costs nothing, and stops a checkout', async (shop) => {
    const { api } = shop.customer;
    const [kept, gone] = [await product(shop, { priceMinor: 300 }), await product(shop)];
    await fill(api, [[kept.sku, 1], [gone.sku, 1]]);
    bodyOf(await shop.staff.api.patch(`/v1/variants/${gone.sku}`, { retired: true }, etag(1)));
    const cart = await cartOf(shop);
    assert.deepEqual([cart.items.map(({ sku }) => sku), cart.unavailable, cart.totalMinor], [[kept.sku], [gone.sku], 300]);
    const { errors = [] } = problemOf(await checkOut(api), 409);
    assert.deepEqual(errors.map(({ pointer }) => pointer), [`/cart/items/${gone.sku}`]);
    bodyOf(await api.delete(`/v1/cart/items/${gone.sku}`), 204);
    bodyOf(await checkOut(api), 201);
  }),
];

export const cart: readonly Leaf<Shop>[] = [...holding, ...refusing];
