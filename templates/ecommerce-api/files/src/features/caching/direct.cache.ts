import type { PrismaService, Tx } from '../../db/prisma.service.ts';
import { CatalogCache, type Cached } from '../../ports/cache.ts';

/** Where there is no Redis: everything comes from the database. */
export class DirectCatalogCache extends CatalogCache {
  constructor(private readonly prisma: PrismaService) {
    super();
  }

  override async read<Value>(_key: string, load: () => Promise<Value>): Promise<Cached<Value>> {
    return { value: await load(), outcome: 'BYPASS' };
  }

  override change<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.prisma.transaction(work);
  }
}
