import type { Context } from '../../ports/context.ts';
import type { Lifecycle, Running } from '../../ports/lifecycle.ts';
import { drain } from './drain.ts';

export function createLifecycle({ config }: Context): Lifecycle {
  let stopping = false;

  function stop(running: Running): void {
    // Whoever asks twice does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    void drain(running, config.drainDelayMs).then((complete) => process.exit(complete ? 0 : 1));
  }

  return Object.freeze({
    accepting: () => !stopping,
    attach: (running: Running) => {
      running.server.prependListener('request', (_request, response) => {
        // Clients that keep connections would otherwise send their next request here, too.
        if (stopping) response.setHeader('Connection', 'close');
      });
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(running));
    },
  });
}
