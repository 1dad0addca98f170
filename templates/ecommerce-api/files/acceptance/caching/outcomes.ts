import assert from 'node:assert/strict';
import { newProduct, type Page, type Product } from '../catalog-world.ts';
import { bodyOf, problemOf } from '../support/http.ts';
import { both, coldProduct, leaf, outcomeOf, quiet, undisturbed, untilHit, warmProduct, type CachingWorld, type Leaf } from './world.ts';

// Each list is another one, so that it is cold.
let limit = 50;

/** The keys that outlive a minute. */
async function longLived({ redis }: CachingWorld): Promise<readonly string[]> {
  const keys = await redis.keys();
  const lives = await Promise.all(keys.map((key) => redis.lifeOf(key)));
  return keys.filter((_, index) => (lives[index] ?? 0) > 60_000);
}

export const outcomes: readonly Leaf[] = [
  leaf('outcomes', 'the first read is a miss, the others are hits, at every process and to the letter', async (world) => {
    const addresses = [async () => (await coldProduct(world)).path, async () => `/v1/products?limit=${(limit += 1)}&sort=title`];
    for (const address of addresses) {
      const answers = await undisturbed(world, async () => {
        const cold = await address();
        return [await world.one.client.get(cold), await world.one.client.get(cold), await world.two.client.get(cold)];
      });
      assert.deepEqual(answers.map(outcomeOf), ['MISS', 'HIT', 'HIT']);
      for (const answer of answers) bodyOf(answer);
      const shown = answers.map(({ text, headers }) => [text, headers.get('etag'), headers.get('content-type')]);
      assert.deepEqual(shown, [shown[0], shown[0], shown[0]]);
    }
  }),

  leaf('outcomes', 'a hit is the same as what the database says, in any script', async (world) => {
    const fields = { title: 'Überhemd 検査 🧪', description: 'line\nbreak "quoted" \\ \u2028 <b>&' };
    const { slug } = await newProduct(world.one.staff.api, world.random, { ...fields, stock: 0 });
    for (const side of both(world)) {
      await untilHit(side, `/v1/products/${slug}`);
      assert.partialDeepStrictEqual(bodyOf(await side.client.get<Product>(`/v1/products/${slug}`)), fields);
    }
  }),

  leaf('outcomes', 'a hit answers 304 to who has it already', async (world) => {
    const { path } = await warmProduct(world);
    const known = (await world.one.client.get(path)).headers.get('etag') ?? '';
    const [unchanged] = await undisturbed(world, async () => [await world.two.client.get(path, { 'If-None-Match': known, 'Cache-Control': 'max-age=0' })]);
    assert.deepEqual([unchanged?.status, unchanged && outcomeOf(unchanged), unchanged?.text], [304, 'HIT', '']);
  }),

  leaf('outcomes', 'that there is nothing is remembered, and forgotten as soon as there is something', async (world) => {
    const { one, two, random } = world;
    let slug = '';
    const answers = await undisturbed(world, async () => {
      slug = random.word(12);
      return [await one.client.get(`/v1/products/${slug}`), await two.client.get(`/v1/products/${slug}`)];
    });
    assert.deepEqual(answers.map(outcomeOf), ['MISS', 'HIT']);
    for (const answer of answers) problemOf(answer, 404);
    bodyOf(await one.staff.api.post('/v1/products', { slug, title: 'Here it is', status: 'published' }), 201);
    for (const { client } of both(world)) bodyOf(await client.get(`/v1/products/${slug}`));
  }),

  leaf('outcomes', 'what anybody can make up does not fill the memory', async (world) => {
    const { one, random } = world;
    await Promise.all([1, 2, 3].map(() => newProduct(one.staff.api, random, { stock: 0 })));
    await quiet(world.database);
    const { page } = bodyOf(await one.client.get<Page<Product>>('/v1/products?limit=1'));
    const before = (await longLived(world)).length;
    for (let round = 0; round < 25; round += 1) {
      const word = random.word(12);
      await Promise.all(
        [`/${word}`, `?q=${word}`, `?category=${word}`, `?q=${word}&minPrice=${round}&maxPrice=9${round}00`, `?minPrice=${round}`, `?limit=1&cursor=${page.nextCursor}&q=-${word}`]
          .map((address) => one.client.get(`/v1/products${address}`)),
      );
    }
    assert.ok((await longLived(world)).length - before < 10, 'hardly anything is kept for long');
  }),

  leaf('outcomes', 'stock is never cached', async (world) => {
    const { path, sku } = await warmProduct(world);
    for (const onHand of [3, 7, 0]) {
      await world.database.query('update variants set on_hand = $2 where sku = $1', [sku, onHand]);
      for (const { client } of both(world)) {
        const answer = await client.get<{ data: unknown }>(`${path}/stock`);
        assert.deepEqual(bodyOf(answer).data, [{ sku, available: onHand }]);
        assert.notEqual(outcomeOf(answer), 'HIT');
      }
    }
  }),
];
