import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Running } from '../../ports/lifecycle.ts';

/** Platforms kill what still runs after thirty seconds; better to end in order before that. */
const GRACE_MS = 20_000;

/**
 * Stops in the order that loses no request: be not ready for as long as load balancers need to
 * see it, refuse new connections, let running requests finish, and only then close what they
 * use. Tells whether all of them finished.
 */
export async function drain({ server, log, close }: Running, delayMs: number): Promise<boolean> {
  log.info({ delayMs }, 'draining');
  await pause(delayMs);
  const complete = await closeServer(server);
  if (!complete) log.error('requests were cut off');
  await close();
  log.info('stopped');
  return complete;
}

async function closeServer(server: Server): Promise<boolean> {
  const closed = new Promise<true>((resolve) => {
    server.close(() => resolve(true));
  });
  // A connection falls idle when its last request is done; `close` only saw those idle before.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const complete = await Promise.race([closed, pause(GRACE_MS, false, { ref: false })]);
  clearInterval(sweep);
  if (!complete) server.closeAllConnections();
  return complete;
}
