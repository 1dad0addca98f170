import { Global, Injectable, Module } from '@nestjs/common';
import { PrismaService, type Tx } from '../../db/prisma.service.ts';
import { CatalogCache, type Cached } from '../../ports/cache.ts';

@Injectable()
export class NoCache extends CatalogCache {
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

/** Not built yet: see README.md. */
@Global()
@Module({
  providers: [{ provide: CatalogCache, useClass: NoCache }],
  exports: [CatalogCache],
})
export class CachingModule {}
