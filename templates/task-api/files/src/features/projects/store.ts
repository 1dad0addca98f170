import type { Context } from '../../ports/context.ts';
import type { Database, Queryable } from '../../ports/database.ts';
import type { Repositories, Store } from '../../ports/repositories.ts';
import { tasksIn } from '../tasks/repository.ts';
import { projectsIn } from './repository.ts';

/** What the configuration chose, or else the SQL of this feature. */
export const storeOf = ({ store, db }: Context): Store => store ?? sqlStore(db);

function sqlStore(db: Database): Store {
  return Object.freeze({
    ...repositoriesIn(db),
    transaction: (work) => db.transaction((sql) => work({ ...repositoriesIn(sql), sql })),
  } satisfies Store);
}

const repositoriesIn = (db: Queryable): Repositories => ({ projects: projectsIn(db), tasks: tasksIn(db) });
