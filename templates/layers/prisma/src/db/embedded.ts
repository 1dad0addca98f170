import path from 'node:path';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import { Client, Pool, type ClientConfig, type PoolConfig } from 'pg';
import { lockFolder } from './folder-lock.ts';
import type { OpenPool } from './open.ts';

/** Opens a PostgreSQL that runs inside this process and keeps its files in `folder`. */
export async function openEmbedded(folder: string): Promise<OpenPool> {
  // Two processes in one data folder would destroy it for good.
  const unlock = lockFolder(folder);
  try {
    const { pool, close } = await poolOnEngine({ dataDir: path.join(folder, 'postgres') });
    return {
      pool,
      close: async () => {
        await close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** A pool of the one connection that the embedded database has. */
export async function poolOnEngine(options: PGliteOptions): Promise<OpenPool & { readonly engine: PGlite }> {
  const engine = await PGlite.create(options);
  const settings: PoolConfig & { readonly verify: Verify } = {
    max: 1,
    idleTimeoutMillis: 0,
    Client: clientOn(engine),
    // A client that broke may have left its transaction open in the one session that there is.
    verify: (client, done) => client.query('rollback', (error) => done(error)),
  };
  const pool = new Pool(settings);
  const close = async () => {
    await pool.end();
    await engine.close();
  };
  return { pool, close, engine };
}

type Verify = (client: Client, done: (error?: Error) => void) => void;

interface Query {
  readonly types?: unknown;
}

interface EngineConfig extends ClientConfig {
  readonly connection: { parse: (query: Query) => unknown };
}

/** A class of clients on one engine; each gets a connection object of its own, which a broken one takes with it. */
function clientOn(engine: PGlite): typeof Client {
  return class extends Client {
    constructor(config?: string | ClientConfig) {
      const own = createPgConfig(engine) as unknown as EngineConfig;
      const parse = own.connection.parse.bind(own.connection);
      // Prisma's adapter hands over an object with the parsers of its own, the engine knows arrays of type ids.
      own.connection.parse = (query) => parse(Array.isArray(query.types) ? query : { ...query, types: undefined });
      super({ ...(typeof config === 'object' ? config : {}), ...own });
    }
  } as typeof Client;
}
