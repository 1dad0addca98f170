import { Catch, Inject, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from '../logger.ts';
import { ApiDescription } from '../openapi/api-description.ts';
import { LOGGER } from '../platform/tokens.ts';
import { Problem } from './problem.ts';
import { currentRequestId } from './request-id.ts';
import { toProblem } from './to-problem.ts';

/** Answers every error with a problem of RFC 9457. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(LOGGER) private readonly log: Logger,
    private readonly description: ApiDescription,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const problem = error instanceof NotFoundException ? this.#nothingThere(request) : toProblem(error);
    if (problem.status >= 500 && problem.status !== 501) this.log.error(error, 'request failed');
    if (response.headersSent) return void response.destroy();
    response
      .status(problem.status)
      .set(problem.headers)
      .type('application/problem+json')
      // `send` of a string, because `json` would set its own media type.
      .send(JSON.stringify(problem.toBody(request.originalUrl.split('?', 1)[0] ?? '/', currentRequestId())));
  }

  // The router throws one error for an unknown address and for a method that an address does not have.
  #nothingThere({ path }: Request): Problem {
    const allowed = this.description.methodsOf(path);
    if (allowed.length === 0) return new Problem(404, 'route.not_found', 'There is nothing at this address.');
    const headers = { Allow: allowed.join(', ') };
    return new Problem(405, 'method.not_allowed', `Use ${headers.Allow}.`, { headers });
  }
}
