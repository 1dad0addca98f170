import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { bodyOf } from '../support/http.ts';
import { both, leaf, untilHit, warmProduct, type CachingWorld, type Leaf } from './world.ts';

const ADDRESSES = ['/v1/categories', '/v1/products?limit=7', '/v1/products/no-such-product'] as const;

/** What was answered before anything was spoiled, by address. */
type Truth = ReadonlyMap<string, { readonly status: number; readonly text: string }>;

const essence = (text: string): unknown => {
  const { requestId: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return rest;
};

async function filled(world: CachingWorld): Promise<{ readonly truth: Truth; readonly titles: readonly string[] }> {
  const products = [await warmProduct(world), await warmProduct(world)];
  const truth = new Map<string, { status: number; text: string }>();
  for (const address of [...products.map(({ path }) => path), ...ADDRESSES]) {
    const { status, text } = await world.one.client.get(address);
    truth.set(address, { status, text });
  }
  return { truth, titles: products.map(({ title }) => title) };
}

/** Whatever is in Redis: the answers are what they were, and before long they come from the cache again. */
async function stillTrue(world: CachingWorld, truth: Truth, why: string): Promise<void> {
  const side = world.random.pick([world.one, world.two]);
  for (const [address, { status, text }] of truth) {
    const answer = await side.client.get(address);
    assert.equal(answer.status, status, `${why}: ${address}: ${answer.text}`);
    assert.deepEqual(essence(answer.text), essence(text), `${why}: ${address}`);
    await untilHit(side, address);
  }
}

/** Changes what is kept under some keys, and sees that it does no harm. */
async function spoil(world: CachingWorld, truth: Truth, keys: readonly string[], change: (text: string) => string, why: string): Promise<void> {
  for (const key of keys) {
    const text = await world.redis.get(key);
    if (text !== undefined) await world.redis.put(key, change(text));
  }
  await stillTrue(world, truth, `${why} at ${keys.join()}`);
}

async function swap({ redis }: CachingWorld, one: string, other: string): Promise<void> {
  const [first = '', second = ''] = [await redis.get(one), await redis.get(other)];
  await redis.put(one, second);
  await redis.put(other, first);
}

const GARBAGE: readonly string[] = ['', 'garbage', 'null', '{}', '"text"', '{"value":{"id":1}}', '{"version":1,"body":"private"}', '\0', '\n\n\n', 'x'.repeat(100_000)];

export const poison: readonly Leaf[] = [
  leaf('poison', 'garbage in the place of anything is nothing', async (world) => {
    const { truth } = await filled(world);
    const keys = await world.redis.keys();
    for (const garbage of [...GARBAGE, randomBytes(200).toString('latin1')]) {
      for (const spoiled of [keys, [world.random.shuffle(keys)[0] ?? '']]) await spoil(world, truth, spoiled, () => garbage, JSON.stringify(garbage.slice(0, 50)));
    }
  }),

  leaf('poison', 'so is what was cut off', async (world) => {
    const { truth } = await filled(world);
    const keys = await world.redis.keys();
    for (const spoiled of [keys, ...keys.map((key) => [key])]) {
      await spoil(world, truth, spoiled, (text) => text.slice(0, Math.floor(text.length / 2)), 'half of it');
      await spoil(world, truth, spoiled, (text) => text.slice(0, -1), 'all but the last character');
    }
    await spoil(world, truth, keys, (text) => `${text}${text}`, 'twice the same');
  }),

  leaf('poison', 'what belongs elsewhere is not taken for what belongs here', async (world) => {
    const { truth } = await filled(world);
    const keys = await world.redis.keys();
    for (const [index, one] of keys.entries()) {
      for (const other of keys.slice(index + 1)) {
        await swap(world, one, other);
        await stillTrue(world, truth, `${one} and ${other} swapped`);
      }
    }
  }),

  leaf('poison', 'a word that somebody changed is in no answer', async (world) => {
    const { truth, titles } = await filled(world);
    for (const title of titles) {
      await spoil(world, truth, await world.redis.keys(), (text) => text.replaceAll(title, 'x'.repeat(title.length)), 'another title');
    }
  }),

  leaf('poison', 'things of another kind do not break it', async (world) => {
    const { truth } = await filled(world);
    for (const key of await world.redis.keys()) {
      await world.redis.putList(key);
      await stillTrue(world, truth, `a list at ${key}`);
    }
    for (const key of await world.redis.keys()) await world.redis.putList(key);
    await stillTrue(world, truth, 'lists everywhere');
    for (const { client } of both(world)) bodyOf(await client.get('/health/ready'));
  }),
];
