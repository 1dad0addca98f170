import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { newProduct, type CatalogWorld, type Page } from '../catalog-world.ts';
import { bodyOf, problemOf, type Answer } from '../support/http.ts';
import { until } from '../support/poll.ts';
import { hold, leaf, pointersOf, staffProduct, waiting, type Leaf } from './leaf.ts';

interface Movement {
  readonly kind: string;
  readonly onHandDelta: number;
  readonly reservedDelta: number;
  readonly orderId: string | null;
  readonly actorId: string | null;
  readonly reason: string;
}

const change = ({ staff }: CatalogWorld, sku: string, delta: unknown, headers: Record<string, string> = {}): Promise<Answer<{ onHand: number }>> =>
  staff.api.post(`/v1/variants/${sku}/stock`, { delta, reason: `by ${delta}` }, headers);

async function movements({ staff }: CatalogWorld, sku: string, query = 'limit=100'): Promise<Page<Movement>> {
  return bodyOf(await staff.api.get<Page<Movement>>(`/v1/variants/${sku}/movements?${query}`));
}

async function available({ anyone }: CatalogWorld, slug: string): Promise<unknown> {
  return bodyOf(await anyone.get<{ data: unknown }>(`/v1/products/${slug}/stock`)).data;
}

/** Promises some of the stock, as orders would. */
async function promise({ database }: CatalogWorld, sku: string, reserved: number): Promise<void> {
  await database.query('update variants set reserved = $2 where sku = $1', [sku, reserved]);
}

export const stock: readonly Leaf[] = [
  leaf('stock', 'what comes in and what is missing is written down, by whom and why', async (world) => {
    const { id, slug, sku } = await newProduct(world.staff.api, world.random, { stock: 0 });
    assert.deepEqual(await available(world, slug), [{ sku, available: 0 }]);
    assert.equal(bodyOf(await change(world, sku, 12), 201).onHand, 12);
    assert.equal(bodyOf(await change(world, sku, -2), 201).onHand, 10);
    assert.deepEqual(await available(world, slug), [{ sku, available: 10 }]);
    assert.partialDeepStrictEqual((await staffProduct(world, id)).variants, [{ sku, onHand: 10, reserved: 0 }]);
    const { data } = await movements(world, sku);
    const by = { reservedDelta: 0, orderId: null, actorId: world.staff.userId };
    assert.partialDeepStrictEqual(data, [
      { ...by, kind: 'adjusted', onHandDelta: -2, reason: 'by -2' },
      { ...by, kind: 'received', onHandDelta: 12, reason: 'by 12' },
    ]);
  }),

  leaf('stock', 'twenty at once all count', async (world) => {
    const { sku } = await newProduct(world.staff.api, world.random, { stock: 100 });
    const [row] = await world.database.query<{ id: string }>('select id from variants where sku = $1', [sku]);
    const letGo = await hold(world, 'variants', [row?.id ?? '']);
    const changes = Array.from({ length: 20 }, (_, n) => change(world, sku, n % 2 ? -3 : 5));
    await until('they wait for each other', async () => (await waiting(world)) > 1);
    await letGo();
    for (const answer of await Promise.all(changes)) bodyOf(answer, 201);
    const { data } = await movements(world, sku);
    assert.equal(data.reduce((sum, { onHandDelta }) => sum + onHandDelta, 0), 120);
    const [now] = await world.database.query<{ on_hand: number }>('select on_hand from variants where sku = $1', [sku]);
    assert.equal(now?.on_hand, 120);
  }),

  leaf('stock', 'there is never less than nothing, nor less than was promised', async (world) => {
    const { slug, sku } = await newProduct(world.staff.api, world.random, { stock: 10 });
    assert.deepEqual(pointersOf(await change(world, sku, -11), 409), ['/body/delta']);
    await promise(world, sku, 6);
    assert.deepEqual(pointersOf(await change(world, sku, -5), 409), ['/body/delta']);
    assert.deepEqual(await available(world, slug), [{ sku, available: 4 }]);
    bodyOf(await change(world, sku, -4), 201);
    assert.deepEqual(await available(world, slug), [{ sku, available: 0 }]);
    assert.equal((await movements(world, sku)).data.length, 2, 'what was refused is not on record');
  }),

  leaf('stock', 'there is never more than a warehouse holds', async (world) => {
    const { sku } = await newProduct(world.staff.api, world.random, { stock: 10 });
    assert.deepEqual(pointersOf(await change(world, sku, 1_000_000_000), 409), ['/body/delta']);
    for (const delta of [0, 1.5, 1_000_000_001, '1']) assert.deepEqual(pointersOf(await change(world, sku, delta)), ['/body/delta']);
  }),

  leaf('stock', 'stock and record are one: neither changes without the other', async (world) => {
    const { database } = world;
    const { slug, sku } = await newProduct(world.staff.api, world.random, { stock: 10 });
    const [row] = await database.query<{ id: string }>('select id from variants where sku = $1', [sku]);
    await database.query(`create function refuse_movement() returns trigger language plpgsql as $$
      begin if new.variant_id = '${row?.id}' then raise exception 'no records today'; end if; return new; end $$`);
    await database.query('create trigger refuse_movement before insert on stock_movements for each row execute function refuse_movement()');
    try {
      problemOf(await change(world, sku, 5), 500);
    } finally {
      await database.query('drop trigger refuse_movement on stock_movements');
    }
    assert.deepEqual(await available(world, slug), [{ sku, available: 10 }]);
  }),

  leaf('stock', 'with an Idempotency-Key a delivery is received once', async (world) => {
    const { sku } = await newProduct(world.staff.api, world.random, { stock: 0 });
    const key = { 'Idempotency-Key': randomUUID() };
    const burst = await Promise.all(Array.from({ length: 6 }, () => change(world, sku, 5, key)));
    assert.ok(burst.every(({ status }) => status === 201 || status === 409), burst.map(({ status }) => status).join());
    assert.equal(bodyOf(await change(world, sku, 5, key), 201).onHand, 5);
    problemOf(await change(world, sku, 6, key), 422);
    assert.equal((await movements(world, sku)).data.length, 1);
  }),

  leaf('stock', 'the record comes in pages, newest first', async (world) => {
    const { sku } = await newProduct(world.staff.api, world.random, { stock: 0 });
    for (let delta = 1; delta <= 7; delta += 1) bodyOf(await change(world, sku, delta), 201);
    const seen: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const next: Page<Movement> = await movements(world, sku, `limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...next.data.map(({ onHandDelta }) => onHandDelta));
      cursor = next.page.nextCursor;
    }
    assert.deepEqual(seen, [7, 6, 5, 4, 3, 2, 1]);
  }),
];
