import { Injectable } from '@nestjs/common';
import { PrismaService } from '../../db/prisma.service.ts';
import { decodeCursor } from '../../http/cursor.ts';
import { pageLimit, toPage } from '../../http/page.ts';
import { CatalogCache, type Cached } from '../../ports/cache.ts';
import { Database } from '../../ports/database.ts';
import { found } from './found.ts';
import { listPublished } from './listing.ts';
import type { ProductQuery } from './schema.ts';
import { orderOf } from './sorting.ts';
import { CATEGORY, PRODUCT } from './views.ts';

/** A product as it is answered: the body is JSON already, because it is read far more often than it changes. */
export interface Shown {
  /** The id is part of it: an address may become that of another product. */
  readonly etag: string;
  readonly body: string;
}

const NO_PRODUCTS = JSON.stringify({ data: [], page: { nextCursor: null } });

/** What everyone may read. Null means that there is nothing. */
@Injectable()
export class Storefront {
  constructor(
    private readonly prisma: PrismaService,
    private readonly db: Database,
    private readonly cache: CatalogCache,
  ) {}

  categories(): Promise<Cached<string>> {
    return this.cache.read('categories', async () => {
      const data = await this.prisma.category.findMany({ select: CATEGORY, orderBy: [{ name: 'asc' }, { id: 'asc' }] });
      return JSON.stringify({ data });
    });
  }

  product(slug: string): Promise<Cached<Shown | null>> {
    return this.cache.read(`product ${slug}`, async () => {
      const product = await this.prisma.product.findFirst({ where: { slug, status: 'published' }, select: PRODUCT });
      return product && { etag: `"${product.id}.${product.version}"`, body: JSON.stringify(product) };
    });
  }

  /**
   * A page of the list. What can be asked in endless variations (words, prices, the pages after the
   * first) is not cached: hardly anybody asks the same again, and anybody could fill the cache so.
   */
  async products(query: ProductQuery): Promise<Cached<string>> {
    const { q, category, minPrice, maxPrice, cursor } = query;
    const limit = pageLimit(query.limit);
    const order = orderOf(query.sort);
    const load = () => this.#page(query, limit);
    const endless = q !== undefined || minPrice !== undefined || maxPrice !== undefined || cursor !== undefined;
    const { value, outcome } = endless
      ? { value: await load(), outcome: 'BYPASS' as const }
      : await this.cache.read(`products ${category ?? '*'} ${order.name} ${limit}`, load);
    return { value: value ?? NO_PRODUCTS, outcome };
  }

  async #page(filter: ProductQuery, limit: number): Promise<string | null> {
    const order = orderOf(filter.sort);
    const after = decodeCursor(filter.cursor, order.name);
    const rows = await listPublished(this.db, { filter, order, after, rows: limit + 1 });
    return rows.length === 0 ? null : JSON.stringify(toPage(rows, limit, order.name));
  }

  /** What can be bought of a product at this moment. Never cached: it changes with every order. */
  async stock(slug: string): Promise<readonly { readonly sku: string; readonly available: number }[]> {
    const product = await this.prisma.product.findFirst({
      where: { slug, status: 'published' },
      select: { variants: { where: { retired: false }, select: { sku: true, onHand: true, reserved: true }, orderBy: { sku: 'asc' } } },
    });
    return found(product, 'product').variants.map(({ sku, onHand, reserved }) => ({ sku, available: onHand - reserved }));
  }
}
