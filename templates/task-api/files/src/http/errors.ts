import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from '../logger.ts';
import { Problem } from './problem.ts';
import { currentRequestId } from './request-id.ts';
import { toProblem } from './to-problem.ts';

export const notFound: RequestHandler = () => {
  throw new Problem(404, 'route.not_found', 'There is nothing at this address.');
};

/** Last on each route: answers 405 and says which methods there are. */
export function methodNotAllowed(...allowed: readonly string[]): RequestHandler {
  return () => {
    const headers = { Allow: allowed.join(', ') };
    throw new Problem(405, 'method.not_allowed', `Use ${headers.Allow}.`, { headers });
  };
}

/** The entry points of a feature that is not built yet. */
export function notBuilt(feature: string): RequestHandler {
  return () => {
    throw new Problem(501, 'feature.not_built', `The feature ${feature} is not built yet.`);
  };
}

export function reportErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const problem = toProblem(error);
    if (problem.status >= 500 && problem.status !== 501) log.error(error, 'request failed');
    if (response.headersSent) return next(error);
    response
      .status(problem.status)
      .set(problem.headers)
      .type('application/problem+json')
      // `send` of a string, because `json` would set its own media type.
      .send(JSON.stringify(problem.toBody(request.originalUrl.split('?', 1)[0] ?? '/', currentRequestId())));
  };
}
