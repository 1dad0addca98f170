import { Global, Injectable, Module } from '@nestjs/common';
import { Lifecycle, type Running } from '../../ports/lifecycle.ts';

/** Stops at once: requests that are running are cut off. */
@Injectable()
export class AbruptLifecycle extends Lifecycle {
  override accepting(): boolean {
    return true;
  }

  override attach(running: Running): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(running));
  }
}

async function stop({ server, close }: Running): Promise<void> {
  server?.close();
  server?.closeAllConnections();
  await close();
  process.exit(0);
}

/** Not built yet: see README.md. */
@Global()
@Module({
  providers: [{ provide: Lifecycle, useClass: AbruptLifecycle }],
  exports: [Lifecycle],
})
export class DeploymentModule {}
