import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { etag, newProduct, type Product } from '../catalog-world.ts';
import { bodyOf, problemOf } from '../support/http.ts';
import { leaf, newCategory, pointersOf, staffProduct, type Leaf, type StaffProduct, type StaffVariant } from './leaf.ts';

const ANY = { 'If-Match': '*' };
// Without a Cache-Control of ours, fetch would add one that asks for the whole answer.
const revalidating = (tag: string | null) => ({ 'If-None-Match': tag ?? '', 'Cache-Control': 'max-age=0' });

const products: readonly Leaf[] = [
  leaf('products', 'made with 201, Location, ETag and the defaults', async ({ staff, random }) => {
    const slug = random.word(12);
    const answer = await staff.api.post<StaffProduct>('/v1/products', { slug, title: 'Blue shirt' });
    const { id, createdAt: _created, updatedAt: _updated, ...rest } = bodyOf(answer, 201);
    assert.deepEqual(rest, { slug, title: 'Blue shirt', description: '', status: 'draft', category: null, variants: [], version: 1 });
    assert.equal(answer.headers.get('location'), `/v1/staff/products/${id}`);
    assert.equal(answer.headers.get('etag'), '"1"');
    assert.deepEqual(bodyOf(await staff.api.get(answer.headers.get('location') ?? '')), answer.body);
  }),

  leaf('products', 'what is published is read by its slug, with its ETag', async ({ staff, random, anyone }) => {
    const fields = { title: 'Überhemd 検査 مراجعة 🧪', description: 'line\nbreak\t"quoted" \\ <b>&' };
    const { slug, sku, version } = await newProduct(staff.api, random, { ...fields, priceMinor: 1999, currency: 'CHF' });
    const answer = await anyone.get<Product>(`/v1/products/${slug}`);
    assert.partialDeepStrictEqual(bodyOf(answer), { slug, ...fields, category: null, variants: [{ sku, title: '', priceMinor: 1999, currency: 'CHF' }], version });
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json\b/);
    const unchanged = await anyone.get(`/v1/products/${slug}`, revalidating(answer.headers.get('etag')));
    assert.equal(unchanged.status, 304);
  }),

  leaf('products', 'a merge patch: absent stays, null removes', async (world) => {
    const { staff, random } = world;
    const { id: categoryId } = await newCategory(world);
    const made = await newProduct(staff.api, random, { description: 'kept', categoryId });
    const before = await staffProduct(world, made.id);
    const slug = random.word(12);
    const answer = await staff.api.patch<StaffProduct>(`/v1/products/${made.id}`, { slug, title: 'New', categoryId: null }, etag(before.version));
    const changed = bodyOf(answer);
    assert.equal(answer.headers.get('etag'), `"${before.version + 1}"`);
    assert.deepEqual(changed, { ...before, slug, title: 'New', category: null, version: before.version + 1, updatedAt: changed.updatedAt });
    problemOf(await world.anyone.get(`/v1/products/${made.slug}`), 404);
    assert.equal(bodyOf(await world.anyone.get<Product>(`/v1/products/${slug}`)).title, 'New');
  }),

  leaf('products', 'archived is gone for everyone, kept for the staff, and can come back', async (world) => {
    const { staff, random, anyone } = world;
    const { id, slug } = await newProduct(staff.api, random);
    bodyOf(await staff.api.delete(`/v1/products/${id}`), 204);
    problemOf(await anyone.get(`/v1/products/${slug}`), 404);
    const archived = await staffProduct(world, id);
    assert.equal(archived.status, 'archived');
    bodyOf(await staff.api.delete(`/v1/products/${id}`), 204);
    bodyOf(await staff.api.patch(`/v1/products/${id}`, { status: 'published' }, ANY));
    assert.equal(bodyOf(await anyone.get<Product>(`/v1/products/${slug}`)).id, id);
  }),

  leaf('products', 'two of them never have one slug, archived or not', async ({ staff, random }) => {
    const { id, slug } = await newProduct(staff.api, random, { stock: 0 });
    bodyOf(await staff.api.delete(`/v1/products/${id}`), 204);
    assert.deepEqual(pointersOf(await staff.api.post('/v1/products', { slug, title: 'Twice' }), 409), ['/body/slug']);
    const other = await newProduct(staff.api, random, { stock: 0 });
    assert.deepEqual(pointersOf(await staff.api.patch(`/v1/products/${other.id}`, { slug }, ANY), 409), ['/body/slug']);
  }),

  leaf('products', 'a category has to exist', async ({ staff, random }) => {
    const made = { slug: random.word(12), title: 'Nowhere', categoryId: randomUUID() };
    assert.deepEqual(pointersOf(await staff.api.post('/v1/products', made), 409), ['/body/categoryId']);
    const { id } = await newProduct(staff.api, random, { stock: 0 });
    assert.deepEqual(pointersOf(await staff.api.patch(`/v1/products/${id}`, { categoryId: randomUUID() }, ANY), 409), ['/body/categoryId']);
  }),

  leaf('products', 'whatever shows in a product changes its ETag: a variant, a price, the name of its category', async (world) => {
    const { staff, random, anyone } = world;
    const { id: categoryId } = await newCategory(world);
    const { id, slug, sku } = await newProduct(staff.api, random, { categoryId });
    const changes = [
      () => staff.api.patch(`/v1/categories/${categoryId}`, { name: 'Renamed' }, ANY),
      () => staff.api.patch(`/v1/variants/${sku}`, { priceMinor: 1 }, ANY),
      () => staff.api.post(`/v1/products/${id}/variants`, { sku: `${sku}-2`, priceMinor: 5, currency: 'EUR' }),
      () => staff.api.patch(`/v1/variants/${sku}`, { retired: true }, ANY),
    ];
    for (const change of changes) {
      const before = await anyone.get<Product>(`/v1/products/${slug}`);
      assert.ok([200, 201].includes((await change()).status));
      const after = await anyone.get<Product>(`/v1/products/${slug}`, revalidating(before.headers.get('etag')));
      assert.notDeepEqual(bodyOf(after), before.body);
    }
  }),

  leaf('products', 'an address that is another product’s by now does not pass for unchanged', async ({ staff, random, anyone }) => {
    const [one, other] = [await newProduct(staff.api, random), await newProduct(staff.api, random)];
    bodyOf(await staff.api.patch(`/v1/products/${one.id}`, { title: 'Changed once' }, ANY));
    const before = await anyone.get<Product>(`/v1/products/${one.slug}`);
    bodyOf(await staff.api.patch(`/v1/products/${one.id}`, { slug: random.word(12) }, ANY));
    bodyOf(await staff.api.patch(`/v1/products/${other.id}`, { slug: one.slug }, ANY));
    const after = await anyone.get<Product>(`/v1/products/${one.slug}`, revalidating(before.headers.get('etag')));
    assert.notDeepEqual(bodyOf(after), before.body);
  }),

  leaf('products', 'what is not there is a 404 problem, a wrong method a 405', async ({ staff, anyone }) => {
    problemOf(await anyone.get('/v1/products/nothing-of-the-kind'), 404);
    problemOf(await anyone.get('/v1/products/nothing-of-the-kind/stock'), 404);
    problemOf(await staff.api.get(`/v1/staff/products/${randomUUID()}`), 404);
    problemOf(await staff.api.patch(`/v1/products/${randomUUID()}`, { title: 'x' }, ANY), 404);
    problemOf(await staff.api.delete(`/v1/products/${randomUUID()}`), 404);
    const answer = await staff.api.put(`/v1/products/${randomUUID()}`, {});
    problemOf(answer, 405);
    assert.match(answer.headers.get('allow') ?? '', /\bPATCH\b/);
  }),
];

const variants: readonly Leaf[] = [
  leaf('variants', 'made with 201 and ETag, and shown to everyone, the cheapest first', async (world) => {
    const { staff, random, anyone } = world;
    const { id, slug, sku } = await newProduct(staff.api, random, { priceMinor: 2000, stock: 0 });
    const answer = await staff.api.post<StaffVariant>(`/v1/products/${id}/variants`, { sku: `${sku}-XL`, title: 'XL', priceMinor: 1500, currency: 'EUR' });
    assert.deepEqual(bodyOf(answer, 201), { sku: `${sku}-XL`, title: 'XL', priceMinor: 1500, currency: 'EUR', onHand: 0, reserved: 0, retired: false, version: 1 });
    assert.equal(answer.headers.get('etag'), '"1"');
    const { variants: shown } = bodyOf(await anyone.get<Product>(`/v1/products/${slug}`));
    assert.deepEqual(shown, [
      { sku: `${sku}-XL`, title: 'XL', priceMinor: 1500, currency: 'EUR' },
      { sku, title: '', priceMinor: 2000, currency: 'EUR' },
    ]);
  }),

  leaf('variants', 'title and price change, and the SKU stays', async (world) => {
    const { staff, random } = world;
    const { id, sku } = await newProduct(staff.api, random);
    const answer = await staff.api.patch<StaffVariant>(`/v1/variants/${sku}`, { title: 'Large', priceMinor: 1 }, etag(1));
    assert.partialDeepStrictEqual(bodyOf(answer), { sku, title: 'Large', priceMinor: 1, onHand: 10, version: 2 });
    assert.equal(answer.headers.get('etag'), '"2"');
    assert.deepEqual((await staffProduct(world, id)).variants, [answer.body]);
    assert.deepEqual(pointersOf(await staff.api.patch(`/v1/variants/${sku}`, { sku: 'OTHER' }, etag(2))), ['/body/sku']);
  }),

  leaf('variants', 'a retired one is no longer offered, and can come back', async (world) => {
    const { staff, random, anyone } = world;
    const { id, slug, sku } = await newProduct(staff.api, random);
    bodyOf(await staff.api.patch(`/v1/variants/${sku}`, { retired: true }, etag(1)));
    assert.deepEqual(bodyOf(await anyone.get<Product>(`/v1/products/${slug}`)).variants, []);
    assert.deepEqual(bodyOf(await anyone.get<{ data: unknown[] }>(`/v1/products/${slug}/stock`)).data, []);
    assert.partialDeepStrictEqual((await staffProduct(world, id)).variants, [{ sku, retired: true }]);
    bodyOf(await staff.api.patch(`/v1/variants/${sku}`, { retired: false }, etag(2)));
    assert.equal(bodyOf(await anyone.get<Product>(`/v1/products/${slug}`)).variants[0]?.sku, sku);
  }),

  leaf('variants', 'a SKU stands for one thing in the whole shop', async ({ staff, random }) => {
    const [one, other] = [await newProduct(staff.api, random), await newProduct(staff.api, random)];
    const again = { sku: one.sku, priceMinor: 1, currency: 'EUR' };
    for (const { id } of [one, other]) assert.deepEqual(pointersOf(await staff.api.post(`/v1/products/${id}/variants`, again), 409), ['/body/sku']);
  }),

  leaf('variants', 'only of products that exist', async ({ staff }) => {
    const variant = { sku: 'NOWHERE-1', priceMinor: 1, currency: 'EUR' };
    problemOf(await staff.api.post(`/v1/products/${randomUUID()}/variants`, variant), 404);
    problemOf(await staff.api.patch('/v1/variants/NOWHERE-1', { priceMinor: 1 }, ANY), 404);
    problemOf(await staff.api.post('/v1/variants/NOWHERE-1/stock', { delta: 1, reason: 'x' }), 404);
    problemOf(await staff.api.get('/v1/variants/NOWHERE-1/movements'), 404);
  }),
];

export const goods: readonly Leaf[] = [...products, ...variants];
