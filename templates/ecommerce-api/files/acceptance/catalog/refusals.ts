import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { newProduct, type CatalogWorld } from '../catalog-world.ts';
import { bodyOf, problemOf, type Answer } from '../support/http.ts';
import { leaf, newCategory, pointersOf, staffProduct, type Leaf } from './leaf.ts';

const ANY = { 'If-Match': '*' };

const PRODUCT: Readonly<Record<string, readonly unknown[]>> = {
  slug: [null, 7, '', 'Capital', 'two words', '-a', 'a-', 'a--b', 'ä', 'x'.repeat(81), '../etc', {}],
  title: [null, 7, '', '   ', 'x'.repeat(201), 'a\0b', '\uD800', []],
  description: [null, 7, 'x'.repeat(10_001), 'a\0b'],
  categoryId: [7, 'x', '', {}],
  status: [null, 'archived', 'soon', '', 1],
};

const VARIANT: Readonly<Record<string, readonly unknown[]>> = {
  sku: [null, 7, '', 'small', 'A B', '-A', 'A-', 'A--B', 'X'.repeat(41), []],
  title: [null, 7, 'x'.repeat(201)],
  priceMinor: [null, 0, -1, 1.5, '100', 10_000_001, true],
  currency: [null, 7, '', 'eur', 'EURO', '€', 'E1R'],
};

const QUERY: Readonly<Record<string, readonly string[]>> = {
  q: ['', ' ', 'x'.repeat(201), 'a\0b'],
  category: ['', 'Capital', 'a b', '../x'],
  minPrice: ['', '-1', '1.5', 'x', '10000001', '1e3', ' 1'],
  maxPrice: ['', '-1', '1.5', 'x', '10000001'],
  sort: ['id', 'Title', '+title'],
  limit: ['0', '101', 'x'],
  cursor: ['x'.repeat(1001), 'a b'],
};

export const refusals: readonly Leaf[] = [
  leaf('validation', 'a wrong value of any field is pointed at', async ({ staff, random }) => {
    const { id } = await newProduct(staff.api, random, { stock: 0 });
    for (const [field, values] of Object.entries(PRODUCT)) {
      for (const value of values) {
        const answer = await staff.api.post('/v1/products', { slug: random.word(12), title: 'fine', [field]: value });
        assert.deepEqual(pointersOf(answer), [`/body/${field}`], `${field}: ${JSON.stringify(value)}`);
      }
      assert.deepEqual(pointersOf(await staff.api.patch(`/v1/products/${id}`, { [field]: values.at(-1) }, ANY)), [`/body/${field}`]);
    }
    for (const [field, values] of Object.entries(VARIANT)) {
      for (const value of values) {
        const answer = await staff.api.post(`/v1/products/${id}/variants`, { sku: 'FINE-1', priceMinor: 1, currency: 'EUR', [field]: value });
        assert.deepEqual(pointersOf(answer), [`/body/${field}`], `${field}: ${JSON.stringify(value)}`);
      }
    }
  }),

  leaf('validation', 'an undeclared key is refused by name, and what the service decides cannot be sent', async (world) => {
    const { staff, random, anyone } = world;
    const { id, sku } = await newProduct(staff.api, random);
    const before = await staffProduct(world, id);
    for (const key of ['id', 'version', 'createdAt', 'search', 'variants']) {
      assert.deepEqual(pointersOf(await staff.api.patch(`/v1/products/${id}`, { [key]: null }, ANY)), [`/body/${key}`]);
    }
    for (const key of ['sku', 'currency', 'onHand', 'reserved', 'version', 'productId']) {
      assert.deepEqual(pointersOf(await staff.api.patch(`/v1/variants/${sku}`, { [key]: 1 }, ANY)), [`/body/${key}`]);
    }
    assert.deepEqual(pointersOf(await staff.api.post(`/v1/variants/${sku}/stock`, { delta: 1, reason: 'x', kind: 'sold' })), ['/body/kind']);
    assert.deepEqual(pointersOf(await anyone.get('/v1/products?status=draft')), ['/query/status']);
    assert.deepEqual(await staffProduct(world, id), before);
  }),

  leaf('validation', 'all mistakes are told at once', async ({ staff }) => {
    const answer = await staff.api.post('/v1/products', { slug: 'No', title: '', status: 'soon' });
    assert.deepEqual(new Set(pointersOf(answer)), new Set(['/body/slug', '/body/title', '/body/status']));
    assert.deepEqual(pointersOf(await staff.api.post('/v1/categories', {})), ['/body/slug', '/body/name']);
  }),

  leaf('validation', 'a wrong value of any parameter is pointed at, and none is guessed at', async ({ anyone, staff }) => {
    for (const [name, values] of Object.entries(QUERY)) {
      for (const value of values) {
        assert.deepEqual(pointersOf(await anyone.get(`/v1/products?${name}=${encodeURIComponent(value)}`)), [`/query/${name}`], `${name}=${value}`);
      }
    }
    assert.deepEqual(pointersOf(await anyone.get('/v1/products?sort=title&sort=price')), ['/query/sort']);
    assert.deepEqual(pointersOf(await staff.api.get('/v1/staff/products?status=soon')), ['/query/status']);
  }),

  leaf('validation', 'what is no slug, no id and no SKU is 400', async ({ anyone, staff }) => {
    for (const path of ['/v1/products/No', '/v1/products/a%20b', '/v1/products/%27%20or%201=1', '/v1/products/a%00/stock', '/v1/products/..%2f..']) {
      problemOf(await anyone.get(path), 400);
    }
    for (const path of ['/v1/staff/products/7', '/v1/variants/small/movements', '/v1/variants/A%20B/movements']) problemOf(await staff.api.get(path), 400);
    problemOf(await staff.api.patch('/v1/products/a-slug', { title: 'x' }, ANY), 400);
    problemOf(await staff.api.delete('/v1/categories/x'), 400);
    for (const path of ['/v1/products/%', '/v1/products/%ff']) problemOf(await anyone.get(path), 400);
  }),

  leaf('validation', 'the database refuses what gets past the service', async (world) => {
    const { id } = await newCategory(world);
    const { id: productId, sku } = await newProduct(world.staff.api, world.random);
    const statements: readonly (readonly [string, readonly unknown[]])[] = [
      ["update categories set slug = 'No' where id = $1", [id]],
      ['update categories set parent_id = id where id = $1', [id]],
      ["update products set title = '' where id = $1", [productId]],
      ['update products set category_id = $2 where id = $1', [productId, randomUUID()]],
      ['update variants set price_minor = 0 where sku = $1', [sku]],
      ["update variants set currency = 'eur' where sku = $1", [sku]],
      ['update variants set on_hand = -1 where sku = $1', [sku]],
      ['update variants set reserved = on_hand + 1 where sku = $1', [sku]],
      ["insert into stock_movements (variant_id, kind, on_hand_delta, reserved_delta) select id, 'adjusted', 0, 0 from variants where sku = $1", [sku]],
    ];
    for (const [text, values] of statements) await assert.rejects(world.database.query(text, values), { severity: 'ERROR', code: /^23/ }, text);
  }),

  leaf('validation', 'two hundred hostile requests, and none of them is our fault', async (world) => {
    const category = await newCategory(world);
    const product = await newProduct(world.staff.api, world.random, { categoryId: category.id });
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => hostileRequest(world, { ...product, categoryId: category.id })));
      for (const answer of answers) {
        assert.ok(answer.status < 500, `${answer.status}: ${answer.text}`);
        if (answer.status >= 400) problemOf(answer, answer.status);
      }
    }
    bodyOf(await world.anyone.get('/health/ready'));
  }),
];

function hostileRequest({ staff: { api }, random }: CatalogWorld, { id, slug, sku, categoryId }: Record<'id' | 'slug' | 'sku' | 'categoryId', string>): Promise<Answer<unknown>> {
  const junk = () => random.pick<unknown>([null, '', 'x'.repeat(5000), '\0', -1, 0, 2 ** 31, 2 ** 53, 1e308, {}, [], [[]], true, randomUUID(), '\uD800', slug, sku, categoryId, 'published']);
  const fields = ['slug', 'title', 'description', 'categoryId', 'parentId', 'status', 'sku', 'priceMinor', 'currency', 'retired', 'delta', 'reason', 'name', '__proto__', 'constructor'] as const;
  const fine = random.pick<object>([{}, { slug: random.word(12), title: 'x' }, { sku: random.word(12).toUpperCase(), priceMinor: 1, currency: 'EUR' }, { delta: 1, reason: 'x' }, { slug: random.word(12), name: 'x' }]);
  const body = { ...fine, ...Object.fromEntries(Array.from({ length: random.int(0, 3) }, () => [random.pick(fields), junk()])) };
  const query = new URLSearchParams([[random.pick(['q', 'category', 'minPrice', 'maxPrice', 'sort', 'limit', 'cursor', 'status', 'x[y]']), String(junk()).replaceAll('\uD800', '?')]]);
  const ifMatch = { 'If-Match': random.pick(['"1"', '*', '"', 'W/"1"', '"99999999999999999999"', ',,,', '"1",']) };
  return random.pick([
    () => api.get(`/v1/products?${query}`),
    () => api.get(`/v1/staff/products?${query}`),
    () => api.get(`/v1/variants/${sku}/movements?${query}`),
    () => api.get(`/v1/products/${encodeURIComponent(random.word())}`),
    () => api.post('/v1/categories', body),
    () => api.patch(`/v1/categories/${categoryId}`, body, ifMatch),
    () => api.post('/v1/products', body),
    () => api.patch(`/v1/products/${id}`, body, ifMatch),
    () => api.post(`/v1/products/${id}/variants`, body),
    () => api.patch(`/v1/variants/${sku}`, body, ifMatch),
    () => api.post(`/v1/variants/${sku}/stock`, body, { 'Idempotency-Key': random.pick(['a', 'b', ' ', 'x'.repeat(256)]) }),
    () => api.delete(`/v1/categories/${encodeURIComponent(random.word())}`),
  ])();
}
