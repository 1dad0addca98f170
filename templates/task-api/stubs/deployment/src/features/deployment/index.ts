import type { Context } from '../../ports/context.ts';
import type { Lifecycle, Running } from '../../ports/lifecycle.ts';

/** Stops at once: requests that are running are cut off. */
export function createLifecycle(_context: Context): Lifecycle {
  return Object.freeze({
    accepting: () => true,
    attach: (running: Running) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(running));
    },
  });
}

async function stop({ server, close }: Running): Promise<void> {
  server.close();
  server.closeAllConnections();
  await close();
  process.exit(0);
}
