import express, { Router, type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import { invalid, Problem } from './problem.ts';

const LIMIT = '100kb';
const PLAIN = 'application/json';
const MERGE_PATCH = 'application/merge-patch+json';
/** Where others sign what they send: it is kept byte for byte. */
export const SIGNED = '/v1/webhooks';

/** What is asked in another way is refused for its method, if at all. */
const TAKES_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

const refuseMediaType: RequestHandler = (request, _response, next) => {
  if (!TAKES_BODY.has(request.method)) return next();
  if (request.is([MERGE_PATCH, PLAIN]) || !hasBody(request)) return next();
  const accepted = request.method === 'PATCH' ? [MERGE_PATCH, PLAIN] : [PLAIN];
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

/** Reads a body into `request.body`: JSON, but for what is signed, which stays a Buffer. */
export const readBody: RequestHandler = Router()
  .use(SIGNED, express.raw({ limit: '512kb', type: () => true, inflate: false }), translate)
  .use(unlessSigned(refuseMediaType), unlessSigned(parseJson), translate);

function unlessSigned(handler: RequestHandler): RequestHandler {
  return (request, response, next) => (request.path.startsWith(SIGNED) ? next() : handler(request, response, next));
}
