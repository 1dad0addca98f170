import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { PrismaService, type Tx } from '../../db/prisma.service.ts';
import { Outbox } from '../../outbox/outbox.ts';
import { CatalogCache, type Cached } from '../../ports/cache.ts';
import { opened, sealed, type Kept } from './entry.ts';
import type { CacheLink } from './link.ts';

const TOPIC = 'catalog changed';
/** For how long one process loads for all. A load that takes longer is not waited for. */
const LEASE_MS = 2000;
const POLL_MS = 20;
// That there is nothing is soon forgotten: anybody can ask for names that they make up.
const NOTHING_MS = 5000;

const RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end";

/** Where something is kept, and the version of the catalog that it has to be of. */
interface Place {
  readonly entry: string;
  readonly lock: string;
  readonly version: string;
}

/**
 * Keeps values in Redis with the version of the catalog under which they were loaded. An entry
 * counts only as long as its version is the current one, so a change deletes nothing: it replaces
 * the version. What is loaded before a change and kept after it is of the old version already.
 */
export class RedisCatalogCache extends CatalogCache {
  /** The loads that run in this process. */
  readonly #loads = new Map<string, Promise<Cached<unknown>>>();

  constructor(
    private readonly link: CacheLink,
    private readonly prisma: PrismaService,
    private readonly outbox: Outbox,
    private readonly settings: { readonly prefix: string; readonly seconds: number },
  ) {
    super();
    const tell = async () => {
      if (!(await this.link.renew())) throw new Error('the cache could not be told that the catalog changed');
    };
    outbox.on(TOPIC, tell, () => this.link.usable);
  }

  override async read<Value>(key: string, load: () => Promise<Value>): Promise<Cached<Value>> {
    const entry = `${this.settings.prefix}${key}`;
    const { redis, versionKey } = this.link;
    const answer = this.link.usable ? await this.link.ask(() => redis.mGet([versionKey, entry])) : undefined;
    if (!answer) return { value: await load(), outcome: 'BYPASS' };
    const [version, text] = answer;
    if (!version) {
      // Evicted, or everything was flushed.
      await this.link.renew();
      return { value: await load(), outcome: 'BYPASS' };
    }
    const kept = opened(entry, version, text);
    if (kept) return { value: kept.value as Value, outcome: 'HIT' };
    return this.#loadOnce({ entry, version, lock: `${entry} ${version}` }, load);
  }

  /**
   * The version is replaced after the commit, because before it somebody would load what is old
   * under the new version. The outbox does it again, in case this process dies in between.
   */
  override async change<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const result = await this.prisma.transaction(async (tx) => {
      const done = await work(tx);
      await this.outbox.add(tx, TOPIC, {});
      return done;
    });
    await this.link.renew();
    return result;
  }

  // Those who joined began before the load or under its version, which is still the current one.
  async #loadOnce<Value>(place: Place, load: () => Promise<Value>): Promise<Cached<Value>> {
    const running = this.#loads.get(place.lock) as Promise<Cached<Value>> | undefined;
    if (running) return { value: (await running).value, outcome: 'HIT' };
    const loading = this.#loadAlone(place, load).finally(() => this.#loads.delete(place.lock));
    this.#loads.set(place.lock, loading);
    return loading;
  }

  /** Loads, unless another process does: then it waits for what that one keeps, as long as that may take. */
  async #loadAlone<Value>({ entry, lock, version }: Place, load: () => Promise<Value>): Promise<Cached<Value>> {
    const { redis } = this.link;
    const owner = randomUUID();
    const taken = await this.link.ask(() => redis.set(lock, owner, { condition: 'NX', expiration: { type: 'PX', value: LEASE_MS } }));
    try {
      const kept = taken === null ? await this.#keptByAnother({ entry, lock, version }) : taken && (await this.#keptMeanwhile(entry, version));
      if (kept) return { value: kept.value as Value, outcome: 'HIT' };
      const value = await load();
      await this.link.ask(() => redis.set(entry, sealed(entry, version, value), { expiration: { type: 'PX', value: this.#lifeOf(value) } }));
      return { value, outcome: 'MISS' };
    } finally {
      if (taken) void this.link.ask(() => redis.eval(RELEASE, { keys: [lock], arguments: [owner] }));
    }
  }

  // Whoever had the lock before may have kept it after this process looked.
  async #keptMeanwhile(entry: string, version: string): Promise<Kept | undefined> {
    const [text] = (await this.link.ask(() => this.link.redis.mGet([entry]))) ?? [];
    return opened(entry, version, text);
  }

  async #keptByAnother({ entry, lock, version }: Place): Promise<Kept | undefined> {
    const { redis } = this.link;
    const deadline = performance.now() + LEASE_MS;
    while (performance.now() < deadline) {
      await pause(POLL_MS);
      const [text, owner] = (await this.link.ask(() => redis.mGet([entry, lock]))) ?? [];
      const kept = opened(entry, version, text);
      // No owner: it gave up, or Redis is gone.
      if (kept || !owner) return kept;
    }
    return undefined;
  }

  // Not all at one moment, or they would all be loaded anew at one moment.
  #lifeOf(value: unknown): number {
    const most = this.settings.seconds * 1000;
    return Math.ceil((value === null ? Math.min(most, NOTHING_MS) : most) * (0.8 + 0.2 * Math.random()));
  }
}
