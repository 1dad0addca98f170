import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import pino from 'pino';
import { readConfig } from '../../config.ts';
import { PrismaService } from '../../db/prisma.service.ts';
import { Jobs } from '../../jobs/jobs.ts';
import { Outbox } from '../../outbox/outbox.ts';
import { REDIS } from '../../redis/redis.module.ts';
import { call, startApp, type TestApp } from '../../testing/app.ts';
import { testDatabase } from '../../testing/database.ts';
import { FakeRedis } from '../../testing/redis.ts';
import { RedisCatalogCache } from './catalog.cache.ts';
import { CacheLink } from './link.ts';

const log = pino({ level: 'silent' });
const VERSION = 'version';

interface Process {
  readonly cache: RedisCatalogCache;
  readonly outbox: Outbox;
}

let prisma: PrismaService;
let redis: FakeRedis;

beforeAll(async () => {
  prisma = new PrismaService((await testDatabase()).pool);
});

beforeEach(() => {
  redis = new FakeRedis();
});

afterEach(() => prisma.outboxMessage.deleteMany());

/** One more process of the service, with a Redis that may be its own. */
async function start(own = redis): Promise<Process> {
  const outbox = new Outbox(prisma, new Jobs(readConfig({ ROLE: 'web' }), log), log);
  const link = new CacheLink(own.asRedis(), VERSION, log);
  const cache = new RedisCatalogCache(link, prisma, outbox, { prefix: 'entry:', seconds: 60 });
  await own.connect();
  await expect.poll(() => link.usable).toBe(true);
  return { cache, outbox };
}

/** A load that ends when it is told to. */
function load() {
  const { promise, resolve } = Promise.withResolvers<string>();
  const state = { begun: 0, end: resolve, run: () => ((state.begun += 1), promise) };
  return state;
}

const value = (text: string) => async () => text;
const entries = () => [...redis.values.keys()].filter((key) => key.startsWith('entry:'));

describe('an entry', () => {
  test('is loaded once, and found from then on, nothing as well as something', async () => {
    const { cache } = await start();
    expect(await cache.read('a', value('1'))).toEqual({ value: '1', outcome: 'MISS' });
    expect(await cache.read('a', value('2'))).toEqual({ value: '1', outcome: 'HIT' });
    expect(await cache.read('b', async () => null)).toEqual({ value: null, outcome: 'MISS' });
    expect(await cache.read('b', async () => 'something')).toEqual({ value: null, outcome: 'HIT' });
    expect(entries()).toHaveLength(2);
  });

  test('is out of date after a change, at every process', async () => {
    const [one, two] = [await start(), await start()];
    await one.cache.read('a', value('1'));
    expect(await two.cache.change(async () => 'done')).toBe('done');
    expect(await one.cache.read('a', value('2'))).toEqual({ value: '2', outcome: 'MISS' });
  });

  test('that was loaded before a change and kept after it is out of date already', async () => {
    const [one, two] = [await start(), await start()];
    const slow = load();
    const reading = one.cache.read('a', slow.run);
    await expect.poll(() => slow.begun).toBe(1);
    await two.cache.change(async () => {});
    slow.end('old');
    expect((await reading).value).toBe('old');
    expect(entries()).toHaveLength(1);
    expect(await two.cache.read('a', value('new'))).toEqual({ value: 'new', outcome: 'MISS' });
  });

  test('is not joined by those who come after a change', async () => {
    const { cache } = await start();
    const slow = load();
    const reading = cache.read('a', slow.run);
    await expect.poll(() => slow.begun).toBe(1);
    await cache.change(async () => {});
    expect((await cache.read('a', value('new'))).value).toBe('new');
    slow.end('old');
    await reading;
    expect((await cache.read('a', value('newer'))).value).not.toBe('old');
  });

  test('is kept by a change that fails', async () => {
    const { cache } = await start();
    await cache.read('a', value('1'));
    await expect(cache.change(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect((await cache.read('a', value('2'))).outcome).toBe('HIT');
    expect(await prisma.outboxMessage.count()).toBe(0);
  });
});

describe('a stampede', () => {
  test('costs one load, in one process and in two', async () => {
    const [one, two] = [await start(), await start()];
    const slow = load();
    const readings = [one, one, one, two, two].map(({ cache }) => cache.read('a', slow.run));
    await expect.poll(() => slow.begun).toBe(1);
    slow.end('1');
    const answers = await Promise.all(readings);
    expect(answers.map(({ value: found }) => found)).toEqual(['1', '1', '1', '1', '1']);
    expect(answers.filter(({ outcome }) => outcome === 'MISS')).toHaveLength(1);
    expect(slow.begun).toBe(1);
    expect([...redis.values.keys()].toSorted()).toEqual(['entry:a', VERSION]);
  });

  test('costs one load, too, if somebody looked just before it was kept and takes the lock just after', async () => {
    const [one, two] = [await start(), await start()];
    const { promise: kept, resolve: go } = Promise.withResolvers<void>();
    vi.spyOn(redis, 'set').mockImplementationOnce(async (key, owner, options) => {
      await kept;
      return redis.set(key, owner, options);
    });
    const late = one.cache.read('a', value('2'));
    expect((await two.cache.read('a', value('1'))).outcome).toBe('MISS');
    await expect.poll(() => entries()).toEqual(['entry:a']);
    go();
    expect(await late).toEqual({ value: '1', outcome: 'HIT' });
    await expect.poll(() => entries()).toEqual(['entry:a']);
  });

  test('does not wait for a load that failed', async () => {
    const [one, two] = [await start(), await start()];
    const slow = load();
    const failing = one.cache.read('a', () => slow.run().then(() => Promise.reject(new Error('no database'))));
    await expect.poll(() => slow.begun).toBe(1);
    const waiting = two.cache.read('a', value('1'));
    slow.end('');
    await expect(failing).rejects.toThrow('no database');
    expect(await waiting).toEqual({ value: '1', outcome: 'MISS' });
  });

  test('leaves the lock of another alone', async () => {
    const { cache } = await start();
    const slow = load();
    const reading = cache.read('a', slow.run);
    await expect.poll(() => slow.begun).toBe(1);
    const lock = [...redis.values.keys()].find((key) => key.startsWith('entry:a ')) ?? '';
    redis.values.set(lock, 'somebody else');
    slow.end('1');
    await reading;
    expect(redis.values.get(lock)).toBe('somebody else');
  });
});

describe('a Redis that', () => {
  test('hangs costs one short wait, and is used again when it answers', async () => {
    const { cache } = await start();
    await cache.read('a', value('1'));
    redis.hang();
    expect(await cache.read('a', value('2'))).toEqual({ value: '2', outcome: 'BYPASS' });
    const asked = performance.now();
    for (let n = 0; n < 50; n += 1) expect((await cache.read('a', value('3'))).outcome).toBe('BYPASS');
    expect(performance.now() - asked).toBeLessThan(200);
    redis.answer();
    await expect.poll(async () => (await cache.read('a', value('4'))).outcome, { timeout: 5000 }).toBe('HIT');
  });

  test('is gone is no error, and what was kept before counts no more when it is back', async () => {
    const { cache } = await start();
    await cache.read('a', value('1'));
    redis.isReady = false;
    expect(await cache.read('a', value('2'))).toEqual({ value: '2', outcome: 'BYPASS' });
    expect(await cache.change(async () => 'done')).toBe('done');
    await redis.connect();
    await expect.poll(async () => (await cache.read('a', value('3'))).outcome).not.toBe('BYPASS');
    expect((await cache.read('a', value('4'))).value).toBe('3');
  });

  test('forgot everything, or has something else in the place of an entry, is asked as if it were new', async () => {
    const { cache } = await start();
    await cache.read('a', value('1'));
    redis.values.clear();
    await cache.read('a', value('2'));
    expect(await cache.read('a', value('3'))).toEqual({ value: '3', outcome: 'MISS' });
    redis.values.set('entry:a', redis.values.get(VERSION) ?? '');
    expect(await cache.read('a', value('4'))).toEqual({ value: '4', outcome: 'MISS' });
  });
});

describe('a change that a process could not tell', () => {
  test('is told by the outbox of another', async () => {
    const cutOff = new FakeRedis();
    const [writer, other] = [await start(cutOff), await start()];
    await other.cache.read('a', value('old'));
    cutOff.isReady = false;
    await writer.cache.change(async () => {});
    expect((await other.cache.read('a', value('new'))).value).toBe('old');
    await other.outbox.relay();
    expect((await other.cache.read('a', value('new'))).value).toBe('new');
    expect(await prisma.outboxMessage.count()).toBe(0);
  });

  test('waits in the outbox as long as nobody can, and is due at once when somebody can', async () => {
    const { cache, outbox } = await start();
    redis.isReady = false;
    await cache.change(async () => {});
    for (let n = 0; n < 5; n += 1) await outbox.relay();
    expect(await prisma.outboxMessage.count()).toBe(1);
    await redis.connect();
    await expect.poll(async () => (await cache.read('a', value('1'))).outcome).not.toBe('BYPASS');
    await outbox.relay();
    expect(await prisma.outboxMessage.count()).toBe(0);
  });
});

describe('the service', () => {
  let service: TestApp;

  beforeAll(async () => {
    service = await startApp({ REDIS_URL: 'redis://127.0.0.1:1' }, (module) => module.overrideProvider(REDIS).useFactory({ factory: () => (redis = new FakeRedis()).asRedis() }));
  });

  afterAll(() => service.app.close());

  test('starts with it and ends with it', async () => {
    expect((await call(service, 'GET', '/health/ready')).status).toBe(200);
  });
});
