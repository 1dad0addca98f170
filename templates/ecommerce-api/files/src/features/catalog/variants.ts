import { Injectable } from '@nestjs/common';
import type { Tx } from '../../db/prisma.service.ts';
import { assertMatches } from '../../http/etag.ts';
import { Problem } from '../../http/problem.ts';
import { CatalogCache } from '../../ports/cache.ts';
import { found } from './found.ts';
import { changed, touch } from './products.ts';
import type { NewVariant, VariantPatch } from './schema.ts';
import { VARIANT, type Variant } from './views.ts';

// A product is answered with all of them.
const MOST = 100;

/** What a product can be bought as. Each change is one of its product, too. */
@Injectable()
export class Variants {
  constructor(private readonly cache: CatalogCache) {}

  create(productId: string, input: NewVariant): Promise<Variant> {
    return this.cache.change(async (tx) => {
      await touch(tx, productId);
      if ((await tx.variant.count({ where: { productId } })) >= MOST) {
        throw new Problem(409, 'product.full', `A product has at most ${MOST} variants.`);
      }
      return tx.variant.create({ data: { ...input, productId }, select: VARIANT });
    });
  }

  change(sku: string, patch: VariantPatch, ifMatch: readonly number[] | null): Promise<Variant> {
    return this.cache.change(async (tx) => {
      const { productId, version } = await lock(tx, sku);
      assertMatches(ifMatch, version);
      await touch(tx, productId);
      return tx.variant.update({ where: { sku }, data: { ...patch, ...changed() }, select: VARIANT });
    });
  }
}

interface Locked {
  readonly productId: string;
  readonly version: number;
}

/** Nobody else changes the variant until the transaction ends. */
async function lock(tx: Tx, sku: string): Promise<Locked> {
  const [row] = await tx.$queryRaw<Locked[]>`select product_id as "productId", version from variants where sku = ${sku} for no key update`;
  return found(row, 'variant');
}
