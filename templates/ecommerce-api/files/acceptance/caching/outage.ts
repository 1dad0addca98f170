import assert from 'node:assert/strict';
import { newProduct } from '../catalog-world.ts';
import { bodyOf } from '../support/http.ts';
import { until } from '../support/poll.ts';
import { untilAnswers } from '../support/processes.ts';
import { both, caches, environmentOf, leaf, newProxy, newRedis, outcomeOf, retitle, settled, staffed, startSide, titleAt, untilHit, warmProduct, type CachingWorld, type Leaf, type Side } from './world.ts';

/** Reads one after the other, and returns the outcomes and how long it took. */
async function readMany({ client }: Side, path: string, times: number): Promise<{ readonly outcomes: readonly (string | null)[]; readonly ms: number }> {
  const outcomes: (string | null)[] = [];
  const begun = performance.now();
  for (let n = 0; n < times; n += 1) {
    const answer = await client.get(path);
    bodyOf(answer);
    outcomes.push(outcomeOf(answer));
  }
  return { outcomes, ms: performance.now() - begun };
}

const restoreAll = (world: CachingWorld) => Promise.all(both(world).map(({ proxy }) => proxy.restore()));

export const outage: readonly Leaf[] = [
  leaf('outage', 'with Redis gone everything is read and changed as before, past the cache', async (world) => {
    const product = await warmProduct(world);
    await Promise.all(both(world).map(({ proxy }) => proxy.cut()));
    try {
      for (const side of both(world)) {
        const { outcomes } = await readMany(side, product.path, 10);
        assert.deepEqual(new Set(outcomes), new Set(['BYPASS']));
        await retitle(side, product, 'changed meanwhile');
        await newProduct(side.staff.api, world.random, { stock: 0 });
        bodyOf(await side.client.get('/health/ready'));
      }
      for (const side of both(world)) assert.equal(await titleAt(side, product.path), 'changed meanwhile');
    } finally {
      await restoreAll(world);
    }
  }),

  leaf('outage', 'when it is back it is used again, and shows nothing of before', async (world) => {
    const product = await warmProduct(world);
    await Promise.all(both(world).map(({ proxy }) => proxy.cut()));
    await retitle(world.two, product, 'changed meanwhile');
    await restoreAll(world);
    for (const side of both(world)) await untilHit(side, product.path);
    for (const side of both(world)) assert.equal(await titleAt(side, product.path), 'changed meanwhile');
  }),

  leaf('outage', 'a Redis that does not answer costs a short wait once, not each time', async (world) => {
    const product = await warmProduct(world);
    world.one.proxy.hang();
    try {
      const first = performance.now();
      for (const answer of await Promise.all(Array.from({ length: 20 }, () => world.one.client.get(product.path)))) bodyOf(answer);
      assert.ok(performance.now() - first < 5000, 'those who meet it first wait a little');
      const { outcomes, ms } = await readMany(world.one, product.path, 60);
      assert.deepEqual(new Set(outcomes), new Set(['BYPASS']));
      assert.ok(ms < 10_000, `60 reads took ${ms} ms`);
    } finally {
      await world.one.proxy.restore();
    }
    await untilHit(world.one, product.path);
  }),

  leaf('outage', 'nor does a change wait for it', async (world) => {
    const product = await warmProduct(world);
    for (const { proxy } of both(world)) proxy.hang();
    try {
      const begun = performance.now();
      for (let round = 0; round < 5; round += 1) await retitle(world.one, product, `round ${round}`);
      assert.ok(performance.now() - begun < 10_000);
      for (const side of both(world)) assert.equal(await titleAt(side, product.path), 'round 4');
    } finally {
      await restoreAll(world);
    }
    for (const side of both(world)) await untilHit(side, product.path);
    for (const side of both(world)) assert.equal(await titleAt(side, product.path), 'round 4');
  }),

  leaf('outage', 'one that hangs for long is left, and found again', async (world) => {
    const product = await warmProduct(world);
    world.two.proxy.hang();
    try {
      await until('it is read past', async () => outcomeOf(await world.two.client.get(product.path)) === 'BYPASS');
      await retitle(world.two, product, 'while it hung');
      for (let round = 0; round < 20; round += 1) assert.equal(outcomeOf(await world.two.client.get(product.path)), 'BYPASS');
    } finally {
      await world.two.proxy.restore();
    }
    await untilHit(world.two, product.path);
    await until('the other process shows it', async () => (await titleAt(world.one, product.path)) === 'while it hung', { withinMs: 30_000 });
  }),

  leaf('outage', 'a process that was cut off tells what it changed before it uses the cache again', async ({ kit, random }) => {
    const [database, redis] = [await kit.database(), await newRedis()];
    // Without anybody who does what is left to do after a change.
    const [first, second] = [await startSide(kit, database, redis, { ROLE: 'web' }), await startSide(kit, database, redis, { ROLE: 'web' })];
    const { side: one } = await staffed(first, database);
    const product = await newProduct(one.staff.api, random, { title: 'before', stock: 0 });
    const path = `/v1/products/${product.slug}`;
    await until('both use the cache', async () => (await caches(first)) && (await caches(second)));
    await until('it is cached', async () => outcomeOf(await second.client.get(path)) === 'HIT');
    await one.proxy.cut();
    await retitle(one, product, 'while cut off');
    await one.proxy.restore();
    await until('it uses the cache again', () => caches(one), { withinMs: 30_000 });
    for (const side of [one, second]) assert.equal(await titleAt(side, path), 'while cut off');
  }),

  leaf('outage', 'a process starts without Redis, and finds it when it is there', async (world) => {
    const product = await warmProduct(world);
    const proxy = await newProxy();
    await proxy.cut();
    const service = await world.kit.launch(environmentOf(world.database, world.redis, proxy));
    await untilAnswers(service, '/health/ready', 200);
    assert.equal(outcomeOf(await service.client.get(product.path)), 'BYPASS');
    await proxy.restore();
    await until('it uses the cache', async () => outcomeOf(await service.client.get(product.path)) === 'HIT', { withinMs: 30_000 });
    await service.stop();
  }),

  leaf('outage', 'a Redis that forgot everything is filled anew', async (world) => {
    const product = await warmProduct(world);
    await world.redis.clear();
    for (const side of both(world)) assert.equal(await titleAt(side, product.path), product.title);
    await settled(world);
    for (const side of both(world)) await untilHit(side, product.path);
    await retitle(world.two, product, 'and later');
    for (const side of both(world)) assert.equal(await titleAt(side, product.path), 'and later');
  }),
];
