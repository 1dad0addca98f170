import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './config.ts';
import { DatabaseModule } from './db/database.module.ts';
import { AuthModule } from './features/auth/index.ts';
import { CachingModule } from './features/caching/index.ts';
import { CatalogModule } from './features/catalog/index.ts';
import { DeploymentModule } from './features/deployment/index.ts';
import { OrdersModule } from './features/orders/index.ts';
import { PaymentsModule } from './features/payments/index.ts';
import type { Logger } from './logger.ts';
import { OutboxModule } from './outbox/outbox.module.ts';
import { PlatformModule } from './platform/platform.module.ts';
import { RedisModule } from './redis/redis.module.ts';

/** The one place that knows every feature. Features know each other by src/ports alone. */
@Module({})
export class AppModule {
  static with(config: Config, log: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with(config, log),
        DatabaseModule,
        OutboxModule,
        RedisModule,
        AuthModule,
        CatalogModule,
        OrdersModule,
        PaymentsModule,
        CachingModule,
        DeploymentModule,
      ],
    };
  }
}
