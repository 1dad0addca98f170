import { Injectable } from '@nestjs/common';
import type { Tx } from '../../db/prisma.service.ts';
import { Offers, type Offer } from '../../ports/offers.ts';

/** What is for sale: the variants that are not retired, of the products that are published. */
@Injectable()
export class CatalogOffers extends Offers {
  override async find(tx: Tx, skus: readonly string[]): Promise<ReadonlyMap<string, Offer>> {
    const variants = await tx.variant.findMany({
      where: { sku: { in: [...skus] }, retired: false, product: { status: 'published' } },
      select: { id: true, sku: true, title: true, priceMinor: true, currency: true, product: { select: { title: true } } },
    });
    return new Map(
      variants.map(({ id, sku, title, priceMinor, currency, product }) => {
        const name = title ? `${product.title}, ${title}` : product.title;
        return [sku, { variantId: id, sku, title: name, unitMinor: priceMinor, currency }];
      }),
    );
  }
}
