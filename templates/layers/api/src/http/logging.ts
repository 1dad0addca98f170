import type { RequestHandler } from 'express';
import type { Logger } from '../logger.ts';

/** Logs each answer: the path without its query, which may hold what people search for. */
export function logRequests(parent: Logger): RequestHandler {
  // These lines hold nothing that could be secret, and looking for secrets in each takes time.
  const log = parent.child({}, { redact: [] });
  return (request, response, next) => {
    const started = performance.now();
    const path = request.path;
    response.once('close', () => {
      const line = { method: request.method, path, status: response.statusCode, ms: Math.round(performance.now() - started) };
      if (!response.writableFinished) log.warn(line, 'client went away');
      else if (path.startsWith('/health/')) log.debug(line, 'answered');
      else log.info(line, 'answered');
    });
    next();
  };
}
