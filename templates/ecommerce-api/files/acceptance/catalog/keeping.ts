import assert from 'node:assert/strict';
import { etag, newProduct, type CatalogWorld, type Page, type Product } from '../catalog-world.ts';
import { bodyOf, problemOf, type Answer, type Client } from '../support/http.ts';
import { until } from '../support/poll.ts';
import { hold, ids, leaf, list, newCategory, staffProduct, waiting, type Category, type Leaf, type StaffProduct } from './leaf.ts';

const drafts: readonly Leaf[] = [
  leaf('drafts', 'what is not published exists for nobody but the staff', async (world) => {
    const { staff, random, anyone, customer } = world;
    const [{ id: categoryId, slug: category }, word] = [await newCategory(world), random.word(12)];
    const draft = await newProduct(staff.api, random, { title: word, status: 'draft', categoryId, priceMinor: 777 });
    const archived = await newProduct(staff.api, random, { title: word, categoryId, priceMinor: 777 });
    bodyOf(await staff.api.delete(`/v1/products/${archived.id}`), 204);
    const unknown = problemOf(await anyone.get('/v1/products/nothing-of-the-kind'), 404);
    for (const { slug } of [draft, archived]) {
      for (const client of [anyone, customer.api, staff.api]) {
        const problem = problemOf(await client.get(`/v1/products/${slug}`), 404);
        assert.deepEqual([problem.code, problem.detail], [unknown.code, unknown.detail]);
        problemOf(await client.get(`/v1/products/${slug}/stock`), 404);
      }
    }
    for (const query of [{}, { q: word }, { category }, { minPrice: '777', maxPrice: '777', category }, { sort: '-price', category }]) {
      assert.deepEqual(ids(await list(world, query)).filter((id) => id === draft.id || id === archived.id), []);
    }
  }),

  leaf('drafts', 'published is seen at once, and taken back is gone at once', async (world) => {
    const { staff, random, anyone } = world;
    const { id, slug } = await newProduct(staff.api, random, { status: 'draft' });
    bodyOf(await staff.api.patch(`/v1/products/${id}`, { status: 'published' }, { 'If-Match': '*' }));
    bodyOf(await anyone.get(`/v1/products/${slug}`));
    bodyOf(await staff.api.patch(`/v1/products/${id}`, { status: 'draft' }, { 'If-Match': '*' }));
    problemOf(await anyone.get(`/v1/products/${slug}`), 404);
  }),

  leaf('drafts', 'the staff finds them by their status, in pages', async (world) => {
    const { staff, random } = world;
    const made = await Promise.all(Array.from({ length: 5 }, () => newProduct(staff.api, random, { status: 'draft', stock: 0 })));
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const next: Page<StaffProduct> = bodyOf(await staff.api.get(`/v1/staff/products?status=draft&limit=2${cursor && `&cursor=${cursor}`}`));
      assert.ok(next.data.every(({ status }) => status === 'draft'));
      seen.push(...ids(next.data));
      cursor = next.page.nextCursor;
    }
    assert.equal(new Set(seen).size, seen.length);
    assert.deepEqual(ids(made).filter((id) => !seen.includes(id)), []);
    const published = await newProduct(staff.api, random, { stock: 0 });
    assert.equal(bodyOf(await staff.api.get<Page<Product>>('/v1/staff/products?limit=1')).data[0]?.id, published.id, 'newest first');
  }),
];

/** Everything that only the staff may do. */
function staffCalls(api: Client, { id, sku, version }: StaffProduct & { readonly sku: string }, category: Category): readonly Promise<Answer<unknown>>[] {
  return [
    api.post('/v1/categories', { slug: 'intruder', name: 'Intruder' }),
    api.patch(`/v1/categories/${category.id}`, { name: 'Intruder' }, etag(category.version)),
    api.delete(`/v1/categories/${category.id}`),
    api.get('/v1/staff/products'),
    api.get(`/v1/staff/products/${id}`),
    api.post('/v1/products', { slug: 'intruder', title: 'Intruder' }),
    api.patch(`/v1/products/${id}`, { title: 'Intruder' }, etag(version)),
    api.delete(`/v1/products/${id}`),
    api.post(`/v1/products/${id}/variants`, { sku: 'INTRUDER', priceMinor: 1, currency: 'EUR' }),
    api.patch(`/v1/variants/${sku}`, { priceMinor: 1 }, etag(1)),
    api.post(`/v1/variants/${sku}/stock`, { delta: 1, reason: 'Intruder' }),
    api.get(`/v1/variants/${sku}/movements`),
  ];
}

async function ours(world: CatalogWorld): Promise<{ readonly product: StaffProduct & { readonly sku: string }; readonly category: Category }> {
  const { id, sku } = await newProduct(world.staff.api, world.random);
  return { product: { ...(await staffProduct(world, id)), sku }, category: await newCategory(world) };
}

const staff: readonly Leaf[] = [
  leaf('staff', 'customers change nothing, and see nothing of the back', async (world) => {
    const { product, category } = await ours(world);
    for (const answer of await Promise.all(staffCalls(world.customer.api, product, category))) problemOf(answer, 403);
    const { sku: _, ...before } = product;
    assert.deepEqual(await staffProduct(world, product.id), before);
    const { data } = bodyOf(await world.anyone.get<{ data: Category[] }>('/v1/categories'));
    assert.deepEqual(data.find(({ id }) => id === category.id), category);
    assert.ok(!data.some(({ slug }) => slug === 'intruder'));
  }),

  leaf('staff', 'nor does somebody who does not say who they are', async (world) => {
    const { product, category } = await ours(world);
    for (const answer of await Promise.all(staffCalls(world.anyone, product, category))) {
      assert.ok(answer.status === 401 || answer.status === 403, `${answer.status}: ${answer.text}`);
    }
    const { sku: _, ...before } = product;
    assert.deepEqual(await staffProduct(world, product.id), before);
  }),

  leaf('staff', 'admins keep the catalog as well', async (world) => {
    const { id, slug } = await newProduct(world.admin.api, world.random);
    bodyOf(await world.admin.api.patch(`/v1/products/${id}`, { title: 'By an admin' }, { 'If-Match': '*' }));
    assert.equal(bodyOf(await world.anyone.get<Product>(`/v1/products/${slug}`)).title, 'By an admin');
  }),

  leaf('staff', 'everyone reads, and only what is meant for everyone', async (world) => {
    const { slug } = await newProduct(world.staff.api, world.random);
    for (const client of [world.anyone, world.customer.api]) {
      const { text } = await client.get(`/v1/products/${slug}`);
      assert.doesNotMatch(text, /onHand|reserved|retired|status/);
    }
  }),
];

const lostUpdate: readonly Leaf[] = [
  leaf('lost-update', 'without If-Match 428, with an old one 412, and nothing changed', async (world) => {
    const { api } = world.staff;
    const { product, category } = await ours(world);
    const paths = [
      [`/v1/products/${product.id}`, { title: 'stale' }, product.version],
      [`/v1/variants/${product.sku}`, { priceMinor: 1 }, 1],
      [`/v1/categories/${category.id}`, { name: 'stale' }, category.version],
    ] as const;
    for (const [path, patch, version] of paths) {
      problemOf(await api.patch(path, patch), 428);
      for (const stale of [`"${version - 1}"`, `"${version + 1}"`, `W/"${version}"`, '"abc"']) {
        problemOf(await api.patch(path, patch, { 'If-Match': stale }), 412);
      }
    }
    problemOf(await api.delete(`/v1/products/${product.id}`, etag(product.version + 1)), 412);
    const { sku: _, ...before } = product;
    assert.deepEqual(await staffProduct(world, product.id), before);
  }),

  leaf('lost-update', 'of twenty writers with one version exactly one wins', async (world) => {
    const { api } = world.staff;
    const { product } = await ours(world);
    const letGo = await hold(world, 'products', [product.id]);
    const writes = Array.from({ length: 20 }, (_, n) => api.patch<StaffProduct>(`/v1/products/${product.id}`, { title: `writer ${n}` }, etag(product.version)));
    await until('writers wait for each other', async () => (await waiting(world)) > 1);
    await letGo();
    const answers = await Promise.all(writes);
    const winners = answers.filter(({ status }) => status === 200);
    assert.equal(winners.length, 1);
    assert.ok(answers.every(({ status }) => status === 200 || status === 412), answers.map(({ status }) => status).join());
    const now = await staffProduct(world, product.id);
    assert.deepEqual([now.version, now.title], [product.version + 1, winners[0]?.body.title]);
  }),

  leaf('lost-update', 'so it is for two who change one price', async (world) => {
    const { api } = world.staff;
    const { product } = await ours(world);
    const [row] = await world.database.query<{ id: string }>('select id from variants where sku = $1', [product.sku]);
    const letGo = await hold(world, 'variants', [row?.id ?? '']);
    const writes = [1, 2].map((priceMinor) => api.patch(`/v1/variants/${product.sku}`, { priceMinor }, etag(1)));
    await until('both wait', async () => (await waiting(world)) === 2);
    await letGo();
    assert.deepEqual((await Promise.all(writes)).map(({ status }) => status).toSorted(), [200, 412]);
  }),
];

export const keeping: readonly Leaf[] = [...drafts, ...staff, ...lostUpdate];
