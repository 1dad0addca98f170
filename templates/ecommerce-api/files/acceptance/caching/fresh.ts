import assert from 'node:assert/strict';
import type { Page, Product } from '../catalog-world.ts';
import { bodyOf, type Client } from '../support/http.ts';
import { until } from '../support/poll.ts';
import { both, coldProduct, leaf, outcomeOf, quiet, retitle, settled, titleAt, undisturbed, untilHit, warmProduct, type CachingWorld, type Leaf } from './world.ts';

const ANY = { 'If-Match': '*' };

interface Category {
  readonly id: string;
  readonly slug: string;
}

/** Makes every commit that touches products wait for a lock that we hold. Returns how to let go. */
async function holdCommits({ database }: CachingWorld): Promise<() => Promise<void>> {
  await database.query(`create or replace function wait_at_commit() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock_shared(4711); return null; end $$`);
  await database.query(`create constraint trigger wait_at_commit after update on products
    deferrable initially deferred for each row execute function wait_at_commit()`);
  const holder = await database.connect();
  await holder.query('select pg_advisory_lock(4711)');
  return async () => {
    await holder.end();
    await until('the commit is through', async () => (await database.query("select 1 from pg_locks where locktype = 'advisory'")).length === 0);
    await database.query('drop trigger wait_at_commit on products');
  };
}

async function commitWaits({ database }: CachingWorld): Promise<boolean> {
  return (await database.query("select 1 from pg_locks where locktype = 'advisory' and not granted")).length > 0;
}

/** Reads again and again until it is told to stop; no answer may be older than what was acknowledged before it was asked for. */
async function readOn(client: Client, path: string, state: { acknowledged: number; done: boolean }): Promise<number> {
  let reads = 0;
  while (!state.done) {
    const known = state.acknowledged;
    const { version } = bodyOf(await client.get<Product>(path));
    assert.ok(version >= known, `read version ${version} after version ${known} was acknowledged`);
    reads += 1;
  }
  return reads;
}

/** Every way to change what everyone reads, and what it has to look like at once. */
function changes({ one, two, random }: CachingWorld, { id, slug, sku }: Product & { readonly sku: string }, category: Category): readonly (readonly [string, () => Promise<unknown>, RegExp | number])[] {
  const [first, second] = [random.word(), random.word()];
  const product = `/v1/products/${slug}`;
  return [
    [product, () => one.staff.api.patch(`/v1/products/${id}`, { categoryId: category.id }, ANY), new RegExp(category.slug)],
    [product, () => two.staff.api.patch(`/v1/categories/${category.id}`, { name: first }, ANY), new RegExp(first)],
    ['/v1/categories', () => one.staff.api.patch(`/v1/categories/${category.id}`, { name: second }, ANY), new RegExp(second)],
    [product, () => two.staff.api.patch(`/v1/variants/${sku}`, { priceMinor: 4711 }, ANY), /4711/],
    [`/v1/products?category=${category.slug}`, () => one.staff.api.patch(`/v1/variants/${sku}`, { priceMinor: 815 }, ANY), /815/],
    [product, () => two.staff.api.post(`/v1/products/${id}/variants`, { sku: `${sku}-2`, priceMinor: 1, currency: 'EUR' }), new RegExp(`${sku}-2`)],
    [product, () => one.staff.api.patch(`/v1/variants/${sku}-2`, { retired: true }, ANY), new RegExp(`^(?!.*${sku}-2)`, 's')],
    [product, () => two.staff.api.patch(`/v1/products/${id}`, { status: 'draft' }, ANY), 404],
    [product, () => one.staff.api.patch(`/v1/products/${id}`, { status: 'published' }, ANY), 200],
    [product, () => two.staff.api.delete(`/v1/products/${id}`), 404],
  ];
}

export const fresh: readonly Leaf[] = [
  leaf('fresh', 'a change is in the next read, at every process', async (world) => {
    const product = await warmProduct(world);
    for (let round = 0; round < 20; round += 1) {
      const title = `${world.random.word()} ${round}`;
      const [writer, reader] = round % 2 ? [world.one, world.two] : [world.two, world.one];
      await retitle(writer, product, title);
      for (const side of [reader, writer]) assert.equal(await titleAt(side, product.path), title);
      // As it is in the cache by now.
      for (const side of [reader, writer]) assert.equal(await titleAt(side, product.path), title);
    }
  }),

  leaf('fresh', 'whatever is changed: categories, variants, prices, what is published', async (world) => {
    const product = await warmProduct(world);
    const category = bodyOf(await world.one.staff.api.post<Category>('/v1/categories', { slug: world.random.word(12), name: 'Before' }), 201);
    for (const [address, change, expected] of changes(world, product, category)) {
      for (const { client } of both(world)) await client.get(address);
      const { status } = (await change()) as { readonly status: number };
      assert.ok(status < 300, `${status}`);
      for (const { client } of both(world)) {
        const answer = await client.get(address);
        if (typeof expected === 'number') assert.equal(answer.status, expected, address);
        else assert.match(answer.text, expected, address);
      }
    }
  }),

  leaf('fresh', 'lists show what is new, and drop what is gone', async (world) => {
    const [list, product] = [`/v1/products?limit=${world.random.int(90, 100)}&sort=-createdAt`, await coldProduct(world)];
    const seen = async () => (await Promise.all(both(world).map(({ client }) => client.get<Page<Product>>(list)))).map((answer) => bodyOf(answer).data.some(({ id }) => id === product.id));
    assert.deepEqual(await seen(), [true, true]);
    bodyOf(await world.two.staff.api.delete(`/v1/products/${product.id}`), 204);
    assert.deepEqual(await seen(), [false, false]);
    bodyOf(await world.one.staff.api.patch(`/v1/products/${product.id}`, { status: 'published' }, ANY));
    assert.deepEqual(await seen(), [true, true]);
  }),

  leaf('fresh', 'while many read, none of them ever reads anything older than what was acknowledged', async (world) => {
    const product = await warmProduct(world);
    const state = { acknowledged: product.version, done: false };
    const readers = [...both(world), ...both(world)].map(({ client }) => readOn(client, product.path, state));
    const writes = (async () => {
      for (let round = 0; round < 40; round += 1) {
        ({ version: state.acknowledged } = await retitle(round % 2 ? world.one : world.two, product, `round ${round}`));
      }
    })();
    await writes.finally(() => (state.done = true));
    for (const reads of await Promise.all(readers)) assert.ok(reads > 0);
  }),

  leaf('fresh', 'what is read while a change is being committed does not outlive it', async (world) => {
    const product = await warmProduct(world);
    const letGo = await holdCommits(world);
    const writing = retitle(world.one, product, 'after the commit');
    await until('the commit waits', () => commitWaits(world));
    // The change is not made yet, so these read what was there before, and keep it.
    for (const side of both(world)) assert.equal(await titleAt(side, product.path), product.title);
    for (const side of both(world)) assert.equal(await titleAt(side, product.path), product.title);
    await letGo();
    await writing;
    for (const side of both(world)) assert.equal(await titleAt(side, product.path), 'after the commit');
  }),

  leaf('fresh', 'what is kept late, from before a change, is out of date already', async (world) => {
    const product = await coldProduct(world);
    const before = new Set(await world.redis.keys());
    for (const side of both(world)) await untilHit(side, product.path);
    const kept = new Map<string, string>();
    for (const key of await world.redis.keys()) if (!before.has(key)) kept.set(key, (await world.redis.get(key)) ?? '');
    assert.ok(kept.size > 0, 'the cache is in Redis, under the prefix');
    await retitle(world.one, product, 'new');
    await quiet(world.database);
    for (const [key, text] of kept) await world.redis.put(key, text);
    for (const side of both(world)) assert.equal(await titleAt(side, product.path), 'new');
  }),

  leaf('fresh', 'a change that its process could not tell the cache is told by another, soon', async (world) => {
    const product = await warmProduct(world);
    await world.one.proxy.cut();
    try {
      await retitle(world.one, product, 'told by another');
      assert.equal(await titleAt(world.one, product.path), 'told by another');
      await until('the other process shows it', async () => (await titleAt(world.two, product.path)) === 'told by another', { withinMs: 30_000 });
    } finally {
      await world.one.proxy.restore();
    }
    await settled(world);
    assert.equal(await titleAt(world.one, product.path), 'told by another');
  }),

  leaf('fresh', 'a change that is refused changes nothing, in the cache neither', async (world) => {
    const product = await warmProduct(world);
    const refused = await world.one.staff.api.patch(`/v1/products/${product.id}`, { title: 'refused' }, { 'If-Match': '"99"' });
    assert.equal(refused.status, 412);
    const answers = await undisturbed(world, () => Promise.all(both(world).map(({ client }) => client.get<Product>(product.path))));
    assert.deepEqual(answers.map(outcomeOf), ['HIT', 'HIT']);
    for (const side of both(world)) assert.equal(await titleAt(side, product.path), product.title);
  }),
];
