import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { Config } from '../config.ts';
import { HealthController } from '../http/health.controller.ts';
import { IdentityGuard } from '../http/identity.guard.ts';
import { ProblemFilter } from '../http/problem.filter.ts';
import { SchemaPipe } from '../http/schema.pipe.ts';
import { Jobs } from '../jobs/jobs.ts';
import type { Logger } from '../logger.ts';
import { ApiDescription } from '../openapi/api-description.ts';
import { DocumentationController } from '../openapi/documentation.controller.ts';
import { LOGGER } from './tokens.ts';

/** What every module may ask for, and what every request meets. */
@Module({})
export class PlatformModule {
  static with(config: Config, log: Logger): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: [HealthController, DocumentationController],
      providers: [
        { provide: Config, useValue: config },
        { provide: LOGGER, useValue: log },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: IdentityGuard },
        { provide: APP_PIPE, useClass: SchemaPipe },
        ApiDescription,
        Jobs,
      ],
      exports: [Config, LOGGER, ApiDescription, Jobs],
    };
  }
}
