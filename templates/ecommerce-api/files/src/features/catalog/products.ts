import { Injectable } from '@nestjs/common';
import { PrismaService, type Tx } from '../../db/prisma.service.ts';
import { decodeCursor } from '../../http/cursor.ts';
import { assertMatches } from '../../http/etag.ts';
import { pageLimit, toPage, type Page } from '../../http/page.ts';
import { CatalogCache } from '../../ports/cache.ts';
import { Database } from '../../ports/database.ts';
import { assertCategory } from './categories.ts';
import { found } from './found.ts';
import { listAll, type StaffListed } from './listing.ts';
import type { NewProduct, ProductPatch, StaffQuery } from './schema.ts';
import { STAFF_PRODUCT, type StaffProduct } from './views.ts';

const ORDER = '-createdAt';

/** The products, as the staff keeps them. */
@Injectable()
export class Products {
  constructor(
    private readonly prisma: PrismaService,
    private readonly db: Database,
    private readonly cache: CatalogCache,
  ) {}

  async list(filter: StaffQuery): Promise<Page<Omit<StaffListed, 'sortKey'>>> {
    const limit = pageLimit(filter.limit);
    const after = decodeCursor(filter.cursor, ORDER);
    return toPage(await listAll(this.db, { filter, after, rows: limit + 1 }), limit, ORDER);
  }

  async get(id: string): Promise<StaffProduct> {
    return found(await this.prisma.product.findUnique({ where: { id }, select: STAFF_PRODUCT }), 'product');
  }

  create(input: NewProduct): Promise<StaffProduct> {
    return this.cache.change(async (tx) => {
      await assertCategory(tx, input.categoryId, '/body/categoryId');
      return tx.product.create({ data: input, select: STAFF_PRODUCT });
    });
  }

  change(id: string, patch: ProductPatch, ifMatch: readonly number[] | null): Promise<StaffProduct> {
    return this.cache.change(async (tx) => {
      assertMatches(ifMatch, await lock(tx, id));
      await assertCategory(tx, patch.categoryId, '/body/categoryId');
      return tx.product.update({ where: { id }, data: { ...patch, ...changed() }, select: STAFF_PRODUCT });
    });
  }

  /** Nobody finds it any more, and orders go on telling what it was. */
  async archive(id: string, ifMatch: readonly number[] | null): Promise<void> {
    await this.cache.change(async (tx) => {
      assertMatches(ifMatch, await lock(tx, id));
      await tx.product.updateMany({ where: { id, status: { not: 'archived' } }, data: { status: 'archived', ...changed() } });
    });
  }
}

/** Makes a new version of a product, because something of it changes. Nobody else changes it until the transaction ends. */
export async function touch(tx: Tx, id: string): Promise<void> {
  const { count } = await tx.product.updateMany({ where: { id }, data: changed() });
  found(count || undefined, 'product');
}

export const changed = () => ({ version: { increment: 1 }, updatedAt: new Date() });

/** Nobody else changes the product until the transaction ends. Returns its version. */
async function lock(tx: Tx, id: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ version: number }[]>`select version from products where id = ${id}::uuid for no key update`;
  return found(row, 'product').version;
}
