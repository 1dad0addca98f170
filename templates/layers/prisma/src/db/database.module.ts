import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { LOGGER } from '../platform/tokens.ts';
import { Database } from '../ports/database.ts';
import { Readiness } from '../ports/readiness.ts';
import { DatabaseReadiness } from './database.readiness.ts';
import { migrate } from './migrate.ts';
import { openPool, type OpenPool } from './open.ts';
import { databaseOn } from './pool.ts';
import { PrismaService } from './prisma.service.ts';
import { OPEN_POOL, POOL } from './tokens.ts';

async function openMigrated(config: Config, log: Logger): Promise<OpenPool> {
  const open = await openPool(config, log);
  try {
    // In production the release command migrates, once, before any new process starts.
    if (!config.production) await migrate(open.pool, log);
    return open;
  } catch (error) {
    await open.close();
    throw error;
  }
}

/** One pool of connections, and the two ways to speak over it: the models of Prisma, and SQL. */
@Global()
@Module({
  providers: [
    { provide: OPEN_POOL, useFactory: openMigrated, inject: [Config, LOGGER] },
    { provide: POOL, useFactory: ({ pool }: OpenPool) => pool, inject: [OPEN_POOL] },
    { provide: PrismaService, useFactory: (pool: Pool) => new PrismaService(pool), inject: [POOL] },
    { provide: Database, useFactory: databaseOn, inject: [POOL] },
    { provide: Readiness, useClass: DatabaseReadiness },
  ],
  exports: [PrismaService, Database, Readiness, POOL],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(OPEN_POOL) private readonly open: OpenPool,
    private readonly prisma: PrismaService,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.prisma.$disconnect();
    await this.open.close();
  }
}
