import type { Tx } from '../db/prisma.service.ts';

/** Where a value came from: the cache or a load that was running already, its source by way of the cache, or its source alone. */
export type CacheOutcome = 'HIT' | 'MISS' | 'BYPASS';

export interface Cached<Value> {
  readonly value: Value;
  readonly outcome: CacheOutcome;
}

/** Keeps what the public reads of the catalog. */
export abstract class CatalogCache {
  /** Returns what `load` would return, perhaps without calling it. The value goes through JSON; null means that there is nothing. */
  abstract read<Value>(key: string, load: () => Promise<Value>): Promise<Cached<Value>>;

  /** Changes the catalog in a transaction. Once this has returned, no read gives anything older. */
  abstract change<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
}
