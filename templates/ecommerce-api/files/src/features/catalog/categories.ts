import { Injectable } from '@nestjs/common';
import type { Tx } from '../../db/prisma.service.ts';
import { assertMatches } from '../../http/etag.ts';
import { Problem } from '../../http/problem.ts';
import { CatalogCache } from '../../ports/cache.ts';
import { found } from './found.ts';
import type { CategoryPatch, NewCategory } from './schema.ts';
import { CATEGORY, type Category } from './views.ts';

/** The tree of categories, as the staff changes it. */
@Injectable()
export class Categories {
  constructor(private readonly cache: CatalogCache) {}

  create(input: NewCategory): Promise<Category> {
    return this.cache.change(async (tx) => {
      await assertCategory(tx, input.parentId, '/body/parentId');
      return tx.category.create({ data: input, select: CATEGORY });
    });
  }

  change(id: string, patch: CategoryPatch, ifMatch: readonly number[] | null): Promise<Category> {
    return this.cache.change(async (tx) => {
      // One at a time: two moves that are fine by themselves may make a circle together.
      await tx.$executeRaw`lock table categories in share row exclusive mode`;
      const { version } = found(await tx.category.findUnique({ where: { id }, select: { version: true } }), 'category');
      assertMatches(ifMatch, version);
      await assertCategory(tx, patch.parentId, '/body/parentId');
      await assertNoCircle(tx, id, patch.parentId);
      // Products show the name of their category, so they change as well.
      await tx.product.updateMany({ where: { categoryId: id }, data: { version: { increment: 1 } } });
      return tx.category.update({ where: { id }, data: { ...patch, version: { increment: 1 }, updatedAt: new Date() }, select: CATEGORY });
    });
  }

  /** What still has products or categories in it stays: the database sees to that. */
  async remove(id: string): Promise<void> {
    const { count } = await this.cache.change((tx) => tx.category.deleteMany({ where: { id } }));
    found(count || undefined, 'category');
  }
}

/** Refuses a category that is named and not there. */
export async function assertCategory(tx: Tx, id: string | null | undefined, pointer: string): Promise<void> {
  if (!id || (await tx.category.count({ where: { id } })) > 0) return;
  const detail = 'There is no such category.';
  throw new Problem(409, 'category.unknown', detail, { errors: [{ pointer, detail }] });
}

async function assertNoCircle(tx: Tx, id: string, parentId: string | null | undefined): Promise<void> {
  if (!parentId) return;
  const [circle] = await tx.$queryRaw<unknown[]>`
    with recursive above as (
      select id, parent_id from categories where id = ${parentId}::uuid
      union select c.id, c.parent_id from categories c join above on above.parent_id = c.id)
    select 1 from above where id = ${id}::uuid`;
  if (!circle) return;
  const detail = 'A category cannot be below itself.';
  throw new Problem(409, 'category.circle', detail, { errors: [{ pointer: '/body/parentId', detail }] });
}
