import assert from 'node:assert/strict';
import { etag, newProduct, type CatalogWorld, type Page, type Product } from '../catalog-world.ts';
import { bodyOf, problemOf } from '../support/http.ts';
import { ids, leaf, list, newCategory, type Leaf } from './leaf.ts';

type Listed = Product & { readonly fromMinor: number | null; readonly currency: string | null };

const titles = (products: readonly Product[]) => products.map(({ title }) => title);

/** Adds a variant to a product. */
async function another({ staff }: CatalogWorld, { id, sku }: { readonly id: string; readonly sku: string }, priceMinor: number): Promise<string> {
  const made = await staff.api.post<{ sku: string }>(`/v1/products/${id}/variants`, { sku: `${sku}-${priceMinor}`, priceMinor, currency: 'EUR' });
  return bodyOf(made, 201).sku;
}

const search: readonly Leaf[] = [
  leaf('search', 'finds words in title and description, in any case', async (world) => {
    const { staff, random } = world;
    const word = random.word(12);
    const inTitle = await newProduct(staff.api, random, { title: `Buy ${word} today` });
    const inText = await newProduct(staff.api, random, { title: 'second', description: `about ${word}` });
    assert.deepEqual(new Set(ids(await list(world, { q: word.toUpperCase() }))), new Set([inTitle.id, inText.id]));
    assert.deepEqual(ids(await list(world, { q: `${word} -about` })), [inTitle.id]);
    assert.deepEqual(ids(await list(world, { q: `"today ${word}"` })), []);
  }),

  leaf('search', 'finds what is in the words as they are now', async (world) => {
    const { staff, random } = world;
    const [before, after] = [random.word(12), random.word(12)];
    const { id } = await newProduct(staff.api, random, { title: before });
    bodyOf(await staff.api.patch(`/v1/products/${id}`, { title: after }, { 'If-Match': '*' }));
    assert.deepEqual([ids(await list(world, { q: before })), ids(await list(world, { q: after }))], [[], [id]]);
  }),

  leaf('search', 'takes whatever is typed for words', async (world) => {
    for (const q of ["' or 1=1 --", '"unclosed', '& | ! ( ) :*', "'); drop table products; --", '\\', '%', 'x:*']) {
      assert.deepEqual(await list(world, { q }), [], `searching for ${q}`);
    }
  }),
];

const filter: readonly Leaf[] = [
  leaf('filter', 'a category has what is in it and in those below it', async (world) => {
    const { staff, random } = world;
    const top = await newCategory(world);
    const middle = await newCategory(world, top.id);
    const bottom = await newCategory(world, middle.id);
    const beside = await newCategory(world, top.id);
    const made = await Promise.all([top, middle, bottom, beside].map(({ id }) => newProduct(staff.api, random, { categoryId: id, stock: 0 })));
    const inside = async ({ slug }: { readonly slug: string }) => new Set(ids(await list(world, { category: slug })));
    assert.deepEqual(await inside(top), new Set(ids(made)));
    assert.deepEqual(await inside(middle), new Set(ids(made.slice(1, 3))));
    assert.deepEqual(await inside(bottom), new Set(ids(made.slice(2, 3))));
    assert.deepEqual(await list(world, { category: random.word(12) }), []);
  }),

  leaf('filter', 'a product costs what its cheapest variant costs that is for sale', async (world) => {
    const { staff, random, anyone } = world;
    const { id: categoryId, slug: category } = await newCategory(world);
    const product = await newProduct(staff.api, random, { categoryId, priceMinor: 3000, stock: 0 });
    const cheap = await another(world, product, 1000);
    const within = async (minPrice: number, maxPrice: number) =>
      bodyOf(await anyone.get<Page<Listed>>(`/v1/products?category=${category}&minPrice=${minPrice}&maxPrice=${maxPrice}`)).data.map(({ fromMinor }) => fromMinor);
    assert.deepEqual(await within(1000, 1000), [1000]);
    assert.deepEqual(await within(1001, 9000), [], 'the dearer variant does not count');
    bodyOf(await staff.api.patch(`/v1/variants/${cheap}`, { retired: true }, etag(1)));
    assert.deepEqual(await within(1000, 2999), [], 'nor does a retired one');
    assert.deepEqual(await within(3000, 3000), [3000]);
    bodyOf(await staff.api.patch(`/v1/variants/${product.sku}`, { priceMinor: 500 }, etag(1)));
    assert.deepEqual(await within(0, 500), [500]);
  }),

  leaf('filter', 'one bound is enough, and where nothing is for sale there is no price', async (world) => {
    const { staff, random } = world;
    const { id: categoryId, slug: category } = await newCategory(world);
    for (const priceMinor of [100, 200, 300]) await newProduct(staff.api, random, { categoryId, title: String(priceMinor), priceMinor, stock: 0 });
    bodyOf(await staff.api.post('/v1/products', { slug: random.word(12), title: 'none', status: 'published', categoryId }), 201);
    const sorted = async (query: Record<string, string>) => titles(await list(world, { category, sort: 'title', ...query }));
    assert.deepEqual(await sorted({}), ['100', '200', '300', 'none']);
    assert.deepEqual(await sorted({ minPrice: '200' }), ['200', '300']);
    assert.deepEqual(await sorted({ maxPrice: '200' }), ['100', '200']);
    assert.deepEqual(await sorted({ minPrice: '300', maxPrice: '100' }), []);
  }),

  leaf('filter', 'several filters narrow each other', async (world) => {
    const { staff, random } = world;
    const [{ id: categoryId, slug: category }, word] = [await newCategory(world), random.word(12)];
    const wanted = { title: word, categoryId, priceMinor: 500, stock: 0 };
    const { id } = await newProduct(staff.api, random, wanted);
    const elsewhere = await newCategory(world);
    for (const other of [{ title: 'other' }, { categoryId: elsewhere.id }, { priceMinor: 400 }, { priceMinor: 600 }]) {
      await newProduct(staff.api, random, { ...wanted, ...other });
    }
    assert.deepEqual(ids(await list(world, { q: word, category, minPrice: '450', maxPrice: '550' })), [id]);
  }),
];

const KEYS: Readonly<Record<string, (product: Listed) => string | number>> = {
  createdAt: ({ createdAt }) => createdAt,
  title: ({ title }) => title.toLowerCase(),
  price: ({ fromMinor }) => fromMinor ?? Number.POSITIVE_INFINITY,
};

const sort: readonly Leaf[] = [
  leaf('sort', 'by each field of the list, both ways', async (world) => {
    const { staff, random } = world;
    const { id: categoryId, slug: category } = await newCategory(world);
    for (const n of random.shuffle([0, 1, 2, 3, 4])) {
      await newProduct(staff.api, random, { categoryId, title: `${n % 2 ? 'B' : 'a'}${n}`, priceMinor: 90 + n * 10, stock: 0 });
    }
    for (const [field, key] of Object.entries(KEYS)) {
      const sorted = (await list(world, { category, sort: field }) as readonly Listed[]).map(key);
      assert.equal(sorted.length, 5);
      assert.deepEqual(sorted, sorted.toSorted((a, b) => (a < b ? -1 : 1)), `sorted by ${field}`);
      assert.deepEqual((await list(world, { category, sort: `-${field}` }) as readonly Listed[]).map(key), sorted.toReversed(), `sorted by -${field}`);
    }
  }),

  leaf('sort', 'a price is that of the cheapest variant that is for sale', async (world) => {
    const { staff, random } = world;
    const { id: categoryId, slug: category } = await newCategory(world);
    const one = await newProduct(staff.api, random, { categoryId, priceMinor: 500, stock: 0 });
    const other = await newProduct(staff.api, random, { categoryId, priceMinor: 900, stock: 0 });
    const cheap = await another(world, other, 100);
    assert.deepEqual(ids(await list(world, { category, sort: 'price' })), [other.id, one.id]);
    bodyOf(await staff.api.patch(`/v1/variants/${cheap}`, { retired: true }, etag(1)));
    assert.deepEqual(ids(await list(world, { category, sort: 'price' })), [one.id, other.id]);
  }),

  leaf('sort', 'by nothing else', async ({ anyone }) => {
    for (const field of ['id', 'price_minor', 'title;drop table products', 'title desc', '--title', 'constructor', '']) {
      problemOf(await anyone.get(`/v1/products?sort=${encodeURIComponent(field)}`), 400);
    }
  }),
];

export const finding: readonly Leaf[] = [...search, ...filter, ...sort];
