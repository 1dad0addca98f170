import { Router } from 'express';
import { methodNotAllowed } from '../http/errors.ts';
import type { Document } from './model.ts';
import { POLICY, renderPage } from './page.ts';

/** `/openapi.json` for programs, `/docs` for people. */
export function documentation(document: Document): Router {
  const text = JSON.stringify(document);
  const page = renderPage(document);
  const router = Router();
  router
    .route('/openapi.json')
    .get((_request, response) => void response.type('application/json').send(text))
    .all(methodNotAllowed('GET'));
  router
    .route('/docs')
    .get((_request, response) => void response.set('Content-Security-Policy', POLICY).type('text/html').send(page))
    .all(methodNotAllowed('GET'));
  return router;
}
