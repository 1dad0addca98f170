import { Global, Module } from '@nestjs/common';
import { Lifecycle } from '../../ports/lifecycle.ts';
import { DrainingLifecycle } from './draining.lifecycle.ts';

@Global()
@Module({
  providers: [{ provide: Lifecycle, useClass: DrainingLifecycle }],
  exports: [Lifecycle],
})
export class DeploymentModule {}
