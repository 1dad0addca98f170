import { Router } from 'express';
import { pendingMigrations } from '../db/migrate.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../ports/database.ts';
import { methodNotAllowed } from './errors.ts';

interface Dependencies {
  readonly db: Database;
  readonly log: Logger;
  readonly accepting: () => boolean;
}

/** `live`: the process runs. `ready`: requests that are sent here will be served. */
export function health({ db, log, accepting }: Dependencies): Router {
  const checkDatabase = databaseCheck(db, log);
  const router = Router();
  router
    .route('/live')
    .get((_request, response) => void response.json({ status: 'live' }))
    .all(methodNotAllowed('GET'));
  router
    .route('/ready')
    .get(async (_request, response) => {
      const checks = { accepting: accepting() ? 'ok' : 'draining', database: await checkDatabase() };
      const ready = Object.values(checks).every((check) => check === 'ok');
      response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', checks });
    })
    .all(methodNotAllowed('GET'));
  return router;
}

function databaseCheck(db: Database, log: Logger): () => Promise<string> {
  let migrated = false;
  return async () => {
    try {
      if (migrated) await db.query('select 1');
      else migrated = (await pendingMigrations(db)).length === 0;
      return migrated ? 'ok' : 'migrations pending';
    } catch (error) {
      log.warn(error, 'the database does not answer');
      return 'unreachable';
    }
  };
}
