import { withRetries } from '../../src/db/transaction.ts';
import type { Queryable } from '../../src/ports/database.ts';
import type { OpenStore, Repositories, RepositoryTransaction, StoreModule } from '../../src/ports/repositories.ts';
import { createClient, type Client, type Queries } from './client.ts';
import { inWordsOfThePort } from './errors.ts';
import { projectsIn } from './projects.ts';
import { tasksIn } from './tasks.ts';

export const openStore: StoreModule['openStore'] = (url, poolSize, log) => {
  const client = createClient(url, poolSize, log);
  return Object.freeze({
    ...repositoriesIn(client),
    transaction: (work) => withRetries(() => runTransaction(client, work)),
    close: () => client.$disconnect(),
  } satisfies OpenStore);
};

const repositoriesIn = (db: Queries): Repositories => ({ projects: projectsIn(db), tasks: tasksIn(db) });

async function runTransaction<T>(client: Client, work: (transaction: RepositoryTransaction) => Promise<T>): Promise<T> {
  let thrown: { readonly error: unknown } | undefined;
  const noted = async (transaction: RepositoryTransaction) => {
    try {
      return await work(transaction);
    } catch (error) {
      thrown = { error };
      throw error;
    }
  };
  try {
    return await client.$transaction((tx) => noted({ ...repositoriesIn(tx), sql: sqlIn(tx) }));
  } catch (error) {
    // Its own words for what it threw; Prisma speaks of beginning and committing alone.
    throw thrown ? thrown.error : inWordsOfThePort(error);
  }
}

/** For what is no model: keys of idempotency, which the rest of the service keeps by SQL. */
const sqlIn = (tx: Queries): Queryable => ({
  query: <Row extends object>(text: string, values: readonly unknown[] = []) => tx.$queryRawUnsafe<Row[]>(text, ...values),
});
