import type { Tx } from '../db/prisma.service.ts';

/** What a variant costs right now. */
export interface Offer {
  readonly variantId: string;
  readonly sku: string;
  readonly title: string;
  readonly unitMinor: number;
  readonly currency: string;
}

/** What is for sale. */
export abstract class Offers {
  /** Returns the offers for these stock-keeping units; of what is not for sale there is none. */
  abstract find(tx: Tx, skus: readonly string[]): Promise<ReadonlyMap<string, Offer>>;
}
