import type { TestDatabase } from './database.ts';
import { until } from './poll.ts';

/**
 * Cuts every connection to one database and lets none in, or lets them in again; `elsewhere` is
 * another database of the same server. A connection that was just being made when the door closed
 * shows up later, so it is looked for until none is left for a while.
 */
export async function setReachable(database: TestDatabase, elsewhere: TestDatabase, reachable: boolean): Promise<void> {
  const name = new URL(database.url).pathname.slice(1);
  await elsewhere.query(`alter database ${name} with allow_connections ${reachable}`);
  let quiet = 0;
  await until('nobody is connected', async () => {
    const cut = await elsewhere.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    quiet = cut.length > 0 && !reachable ? 0 : quiet + 1;
    return reachable || quiet === 10;
  });
}
