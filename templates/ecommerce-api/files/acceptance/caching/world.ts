import { newProduct, type Product } from '../catalog-world.ts';
import { people, type People, type Person } from '../people.ts';
import type { TestDatabase } from '../support/database.ts';
import { bodyOf, type Answer, type Client } from '../support/http.ts';
import { until } from '../support/poll.ts';
import type { Service } from '../support/processes.ts';
import { openProxy, type Proxy } from '../support/proxy.ts';
import type { Random } from '../support/random.ts';
import { openRedis, type TestRedis } from '../support/redis.ts';
import { serviceUrl } from '../support/services.ts';
import { requireBuilt, type Kit } from '../support/suite.ts';

/** A process of the service, and its own way to Redis, which may be cut. */
export interface Side {
  readonly service: Service;
  readonly client: Client;
  readonly staff: Person;
  readonly proxy: Proxy;
}

/** Two processes on one database and one Redis: what one of them changes, the other must not show as it was. */
export interface CachingWorld {
  readonly kit: Kit;
  readonly random: Random;
  readonly database: TestDatabase;
  readonly redis: TestRedis;
  readonly people: People;
  readonly one: Side;
  readonly two: Side;
}

export interface Leaf {
  readonly id: string;
  readonly title: string;
  readonly body: (world: CachingWorld) => Promise<void>;
}

/** A test that the suite declares: one thing that the evidence `caching.id` consists of. Each begins with a cache that works. */
export const leaf = (id: string, title: string, body: Leaf['body']): Leaf =>
  Object.freeze({
    id,
    title,
    body: async (world: CachingWorld) => {
      await settled(world);
      await body(world);
    },
  });

/** So long that no leaf passes because an entry expired. */
export const CACHE_SECONDS = 600;

const opened: { close(): Promise<void> }[] = [];

export async function closeWorld(): Promise<void> {
  for (const thing of opened.toReversed()) await thing.close();
}

async function keep<Thing extends { close(): Promise<void> }>(made: Promise<Thing>): Promise<Thing> {
  const thing = await made;
  opened.push(thing);
  return thing;
}

export const newRedis = (): Promise<TestRedis> => keep(openRedis());
export const newProxy = (): Promise<Proxy> => keep(openProxy(serviceUrl('redis'), 6379));

export async function makeWorld(kit: Kit): Promise<CachingWorld> {
  const [database, redis] = [await kit.database(), await newRedis()];
  const [first, second] = [await startSide(kit, database, redis), await startSide(kit, database, redis)];
  requireBuilt('catalog', await first.client.get('/v1/products'));
  const [one, two] = [await staffed(first, database), await staffed(second, database)];
  const world = { kit, random: kit.random, database, redis, people: one.people, one: one.side, two: two.side };
  await until('caching is not built yet: nothing ever came from the cache', async () => outcomeOf(await first.client.get('/v1/categories')) === 'HIT');
  return world;
}

type Unstaffed = Omit<Side, 'staff'>;

/** One more process, with a way to Redis of its own. */
export async function startSide(kit: Kit, database: TestDatabase, redis: TestRedis, more: Readonly<Record<string, string>> = {}): Promise<Unstaffed> {
  const proxy = await newProxy();
  const service = await kit.start({ ...environmentOf(database, redis, proxy), ...more });
  return { service, client: service.client, proxy };
}

export const environmentOf = (database: TestDatabase, redis: TestRedis, proxy: Proxy): Readonly<Record<string, string>> => ({
  NODE_ENV: 'development',
  DATABASE_URL: database.url,
  REDIS_URL: proxy.url,
  REDIS_KEY_PREFIX: redis.prefix,
  CACHE_SECONDS: String(CACHE_SECONDS),
  LOG_LEVEL: 'error',
});

export async function staffed(side: Unstaffed, database: TestDatabase): Promise<{ readonly side: Side; readonly people: People }> {
  const known = await people(side.client, database);
  return { side: { ...side, staff: known.staff }, people: known };
}

export const outcomeOf = (answer: Answer<unknown>): string | null => answer.headers.get('x-cache');

export const both = ({ one, two }: CachingWorld): readonly [Side, Side] => [one, two];

/** Whether the process reads by way of the cache. */
export const caches = async ({ client }: Unstaffed): Promise<boolean> => outcomeOf(await client.get('/v1/categories')) !== 'BYPASS';

/** Waits until both use the cache, and what has to be done after a change is done. */
export async function settled(world: CachingWorld): Promise<void> {
  await until('both processes use the cache', async () => (await caches(world.one)) && (await caches(world.two)), { withinMs: 30_000 });
  await quiet(world.database);
}

/** Nothing waits to be done after a change. */
export async function quiet(database: TestDatabase): Promise<void> {
  await until('what follows a change is done', async () => (await database.query('select 1 from outbox')).length === 0, { withinMs: 30_000 });
}

/** A published product of which nothing is cached, with nothing left to be done. */
export async function coldProduct(world: CachingWorld): Promise<Product & { readonly sku: string; readonly path: string }> {
  const product = await newProduct(world.one.staff.api, world.random, { title: world.random.word(), stock: 0 });
  await quiet(world.database);
  return { ...product, path: `/v1/products/${product.slug}` };
}

/** As `coldProduct`, read by both, so that it comes from the cache. */
export async function warmProduct(world: CachingWorld): Promise<Product & { readonly sku: string; readonly path: string }> {
  const product = await coldProduct(world);
  for (const side of both(world)) await untilHit(side, product.path);
  return product;
}

export async function untilHit({ client }: Unstaffed, path: string): Promise<void> {
  await until(`${path} comes from the cache`, async () => outcomeOf(await client.get(path)) === 'HIT', { withinMs: 30_000 });
}

/**
 * Reads until no answer says BYPASS. On a machine that is busy enough, Redis does not answer in
 * time now and then, and to be read past is right then; it only says nothing about hits and misses.
 */
export async function undisturbed(world: CachingWorld, read: () => Promise<readonly Answer<unknown>[]>): Promise<readonly Answer<unknown>[]> {
  for (let attempt = 1; ; attempt += 1) {
    const answers = await read();
    if (attempt === 5 || !answers.some((answer) => outcomeOf(answer) === 'BYPASS')) return answers;
    await settled(world);
  }
}

/** Gives a product another title, whatever its version. */
export async function retitle({ staff }: Side, { id }: { readonly id: string }, title: string): Promise<Product> {
  return bodyOf(await staff.api.patch<Product>(`/v1/products/${id}`, { title }, { 'If-Match': '*' }));
}

export async function titleAt({ client }: Unstaffed, path: string): Promise<string> {
  return bodyOf(await client.get<Product>(path)).title;
}
