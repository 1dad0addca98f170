import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { etag, newProduct, type CatalogWorld } from '../catalog-world.ts';
import { bodyOf, problemOf } from '../support/http.ts';
import { until } from '../support/poll.ts';
import { hold, ids, leaf, newCategory, pointersOf, waiting, type Category, type Leaf } from './leaf.ts';

const ANY = { 'If-Match': '*' };

async function all({ anyone }: CatalogWorld): Promise<readonly Category[]> {
  return bodyOf(await anyone.get<{ data: Category[] }>('/v1/categories')).data;
}

/** Whether every category has an end above it. */
function isTree(categories: readonly Category[]): boolean {
  const parents = new Map(categories.map(({ id, parentId }) => [id, parentId]));
  return categories.every(({ id }) => {
    const seen = new Set<string>();
    for (let at: string | null | undefined = id; at; at = parents.get(at)) {
      if (seen.has(at)) return false;
      seen.add(at);
    }
    return true;
  });
}

export const tree: readonly Leaf[] = [
  leaf('categories', 'made, listed for everyone, renamed, moved and deleted', async (world) => {
    const { staff } = world;
    const [parent, child] = [await newCategory(world), await newCategory(world)];
    assert.deepEqual([child.parentId, child.version], [null, 1]);
    const answer = await staff.api.patch<Category>(`/v1/categories/${child.id}`, { name: 'Überhemden 🧥', parentId: parent.id }, etag(1));
    const moved = bodyOf(answer);
    assert.deepEqual(moved, { ...child, name: 'Überhemden 🧥', parentId: parent.id, version: 2 });
    assert.equal(answer.headers.get('etag'), '"2"');
    assert.deepEqual((await all(world)).find(({ id }) => id === child.id), moved);
    const { parentId } = bodyOf(await staff.api.patch<Category>(`/v1/categories/${child.id}`, { parentId: null }, etag(2)));
    assert.equal(parentId, null);
    bodyOf(await staff.api.delete(`/v1/categories/${child.id}`), 204);
    assert.ok(!ids(await all(world)).includes(child.id));
    problemOf(await staff.api.delete(`/v1/categories/${child.id}`), 404);
  }),

  leaf('categories', 'two of them never have one slug', async (world) => {
    const [one, other] = [await newCategory(world), await newCategory(world)];
    assert.deepEqual(pointersOf(await world.staff.api.post('/v1/categories', { slug: one.slug, name: 'Twice' }), 409), ['/body/slug']);
    assert.deepEqual(pointersOf(await world.staff.api.patch(`/v1/categories/${other.id}`, { slug: one.slug }, ANY), 409), ['/body/slug']);
    const slug = world.random.word(12);
    const burst = await Promise.all([1, 2, 3, 4].map(() => world.staff.api.post('/v1/categories', { slug, name: 'Together' })));
    assert.deepEqual(burst.map(({ status }) => status).toSorted(), [201, 409, 409, 409]);
  }),

  leaf('categories', 'one that is in use stays', async (world) => {
    const { staff, random } = world;
    const parent = await newCategory(world);
    const child = await newCategory(world, parent.id);
    problemOf(await staff.api.delete(`/v1/categories/${parent.id}`), 409);
    await newProduct(staff.api, random, { categoryId: child.id });
    problemOf(await staff.api.delete(`/v1/categories/${child.id}`), 409);
    assert.equal((await all(world)).filter(({ id }) => id === parent.id || id === child.id).length, 2);
  }),

  leaf('categories', 'a parent has to exist', async (world) => {
    const parentId = randomUUID();
    assert.deepEqual(pointersOf(await world.staff.api.post('/v1/categories', { slug: world.random.word(12), name: 'Orphan', parentId }), 409), ['/body/parentId']);
    const { id } = await newCategory(world);
    assert.deepEqual(pointersOf(await world.staff.api.patch(`/v1/categories/${id}`, { parentId }, ANY), 409), ['/body/parentId']);
    problemOf(await world.staff.api.patch(`/v1/categories/${randomUUID()}`, { name: 'x' }, ANY), 404);
  }),

  leaf('categories', 'none is below itself, however far down', async (world) => {
    const top = await newCategory(world);
    const middle = await newCategory(world, top.id);
    const bottom = await newCategory(world, middle.id);
    for (const { id } of [top, middle, bottom]) {
      const answer = await world.staff.api.patch(`/v1/categories/${top.id}`, { parentId: id }, ANY);
      assert.ok(answer.status === 400 || answer.status === 409, answer.text);
      assert.deepEqual(pointersOf(answer, answer.status), ['/body/parentId']);
    }
    assert.ok(isTree(await all(world)));
  }),

  leaf('categories', 'two moves at once make no circle together', async (world) => {
    const [one, other] = [await newCategory(world), await newCategory(world)];
    const letGo = await hold(world, 'categories', [one.id, other.id]);
    const moves = [
      world.staff.api.patch(`/v1/categories/${one.id}`, { parentId: other.id }, ANY),
      world.staff.api.patch(`/v1/categories/${other.id}`, { parentId: one.id }, ANY),
    ];
    await until('both have looked, or wait to look', async () => (await waiting(world)) === 2);
    await letGo();
    const statuses = (await Promise.all(moves)).map(({ status }) => status);
    assert.deepEqual(statuses.toSorted(), [200, 409]);
    assert.ok(isTree(await all(world)));
  }),
];
