import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { newProduct, type CatalogWorld, type Page, type Product, type Wanted } from '../catalog-world.ts';
import { bodyOf, problemOf } from '../support/http.ts';
import { ids, leaf, newCategory, type Leaf } from './leaf.ts';

// Few distinct values, so that most neighbours tie and only the id keeps them apart.
const anything = ({ random }: CatalogWorld): Wanted => ({ title: random.pick(['same', 'Same', 'other']), priceMinor: random.pick([100, 200]), stock: 0 });

const walk = (sort: string): Leaf =>
  leaf('cursor-walk', `by ${sort}, is exact while others insert`, async (world) => {
    const { staff, random, anyone } = world;
    const { id: categoryId, slug } = await newCategory(world);
    const add = () => newProduct(staff.api, random, { ...anything(world), categoryId });
    const before = ids(await Promise.all(Array.from({ length: 30 }, add)));
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = `category=${slug}&sort=${sort}&limit=${random.int(3, 9)}${cursor && `&cursor=${cursor}`}`;
      const [answer] = await Promise.all([anyone.get<Page<Product>>(`/v1/products?${query}`), add(), add()]);
      const next: Page<Product> = bodyOf(answer);
      seen.push(...ids(next.data));
      cursor = next.page.nextCursor;
      assert.ok(seen.length < 1000, 'the walk ends');
    }
    assert.equal(new Set(seen).size, seen.length, 'nothing was seen twice');
    assert.deepEqual(before.filter((id) => !seen.includes(id)), [], 'nothing that was there was missed');
  });

export const walks: readonly Leaf[] = [
  ...['createdAt', '-createdAt', 'title', '-title', 'price', '-price'].map(walk),

  leaf('cursor-walk', 'a page has 20 items unless a limit from 1 to 100 is asked for', async (world) => {
    const { staff, random, anyone } = world;
    const { id: categoryId, slug } = await newCategory(world);
    await Promise.all(Array.from({ length: 25 }, () => newProduct(staff.api, random, { categoryId, stock: 0 })));
    const page = async (query: string) => bodyOf(await anyone.get<Page<Product>>(`/v1/products?category=${slug}${query}`));
    assert.equal((await page('')).data.length, 20);
    assert.notEqual((await page('&limit=24')).page.nextCursor, null);
    assert.equal((await page('&limit=25')).page.nextCursor, null);
    for (const limit of ['0', '101', '-1', '1.5', 'all', '1e2']) problemOf(await anyone.get(`/v1/products?limit=${limit}`), 400);
  }),

  leaf('cursor-walk', 'a cursor that was not given out, or for another order, is 400', async (world) => {
    const { staff, random, anyone } = world;
    for (let n = 0; n < 2; n += 1) await newProduct(staff.api, random, { stock: 0 });
    const { page } = bodyOf(await anyone.get<Page<Product>>('/v1/products?limit=1&sort=price'));
    bodyOf(await anyone.get(`/v1/products?limit=1&sort=price&cursor=${page.nextCursor}`));
    problemOf(await anyone.get(`/v1/products?sort=-price&cursor=${page.nextCursor}`), 400);
    const forged = Buffer.from(JSON.stringify(['price', "'; drop table products; --", randomUUID()])).toString('base64url');
    for (const cursor of ['x', 'bnVsbA', '%00']) problemOf(await anyone.get(`/v1/products?cursor=${cursor}`), 400);
    problemOf(await anyone.get(`/v1/products?sort=price&cursor=${forged}`), 400);
  }),
];
