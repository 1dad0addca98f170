import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Running } from '../../ports/lifecycle.ts';

/** Platforms kill what still runs after thirty seconds; better to end in order before that. */
const GRACE_MS = 25_000;
/** How much of that requests may take; the rest is kept for jobs. */
const FOR_REQUESTS = 0.8;

/**
 * Stops in the order that loses nothing: be not ready for as long as load balancers need to see
 * it, refuse new connections, let running requests finish, then let jobs finish, and only then
 * close what they use. Tells whether all of them finished.
 */
export async function drain({ server, log, close }: Running, delayMs: number, graceMs = GRACE_MS): Promise<boolean> {
  log.info({ delayMs }, 'draining');
  // Nobody has to be told that a process without a server takes no more requests.
  if (server) await pause(delayMs);
  const end = performance.now() + graceMs;
  const answered = !server || (await closeServer(server, graceMs * FOR_REQUESTS));
  if (!answered) log.error('requests were cut off');
  const closed = await inTime(close(), end - performance.now());
  if (!closed) log.error('jobs were cut off');
  log.info('stopped');
  return answered && closed;
}

async function closeServer(server: Server, withinMs: number): Promise<boolean> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // A connection falls idle when its last request is done; `close` only saw those idle before.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const complete = await inTime(closed, withinMs);
  clearInterval(sweep);
  if (!complete) server.closeAllConnections();
  return complete;
}

async function inTime(work: Promise<void>, ms: number): Promise<boolean> {
  const over = new AbortController();
  try {
    return await Promise.race([work.then(() => true), pause(ms, false, { signal: over.signal })]);
  } finally {
    over.abort();
  }
}
