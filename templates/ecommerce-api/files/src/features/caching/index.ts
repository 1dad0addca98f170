import { Global, Module } from '@nestjs/common';
import { Config } from '../../config.ts';
import { PrismaService } from '../../db/prisma.service.ts';
import type { Logger } from '../../logger.ts';
import { Outbox } from '../../outbox/outbox.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { CatalogCache } from '../../ports/cache.ts';
import { REDIS, type Redis } from '../../redis/redis.module.ts';
import { RedisCatalogCache } from './catalog.cache.ts';
import { DirectCatalogCache } from './direct.cache.ts';
import { CacheLink } from './link.ts';

// To be raised when what is kept changes its form: while two releases overlap, neither reads what the other keeps.
const FORM = 1;

function create(redis: Redis | undefined, config: Config, prisma: PrismaService, outbox: Outbox, log: Logger): CatalogCache {
  if (!redis) return new DirectCatalogCache(prisma);
  const prefix = `${config.redisKeyPrefix}catalog:`;
  const link = new CacheLink(redis, `${prefix}version`, log);
  return new RedisCatalogCache(link, prisma, outbox, { prefix: `${prefix}${FORM}:`, seconds: config.cacheSeconds });
}

@Global()
@Module({
  providers: [{ provide: CatalogCache, useFactory: create, inject: [REDIS, Config, PrismaService, Outbox, LOGGER] }],
  exports: [CatalogCache],
})
export class CachingModule {}
