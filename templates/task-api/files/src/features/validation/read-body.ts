import express, { Router, type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import { invalid, Problem } from '../../http/problem.ts';

const LIMIT = '100kb';
const PLAIN = 'application/json';
const MERGE_PATCH = 'application/merge-patch+json';

const refuseMediaType: RequestHandler = (request, _response, next) => {
  const accepted = request.method === 'PATCH' ? [MERGE_PATCH, PLAIN] : [PLAIN];
  if (request.is(accepted) || !hasBody(request)) return next();
  throw new Problem(415, 'request.media_type', `Send ${accepted.join(' or ')}.`, { headers: { Accept: accepted.join(', ') } });
};

// Clients announce an empty body with a length of 0, and need no media type for it.
const hasBody = (request: Request): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

const parseJson = express.json({ limit: LIMIT, type: [PLAIN, MERGE_PATCH], strict: false });

// The parser's own messages repeat what was sent.
const translate: ErrorRequestHandler = (error: unknown, _request, _response, next) => {
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  switch (type) {
    case 'entity.too.large':
      return next(new Problem(413, 'request.too_large', `A body has at most ${LIMIT}.`));
    case 'entity.parse.failed':
      return next(invalid('/body', 'is not valid JSON'));
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return next(new Problem(415, 'request.encoding', 'Send UTF-8, plain or compressed with gzip, deflate or br.'));
    default:
      return next(error);
  }
};

export const readBody: RequestHandler = Router().use(refuseMediaType, parseJson, translate);
