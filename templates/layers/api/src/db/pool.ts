import { Pool, types, type CustomTypesConfig, type PoolClient, type PoolConfig } from 'pg';
import type { Logger } from '../logger.ts';
import type { Database, Transaction } from '../ports/database.ts';
import { sqlState, Unreachable } from './database-error.ts';
import { named, nameRefused } from './statement.ts';
import { withRetries } from './transaction.ts';

const INT8 = 20;

const parsers: CustomTypesConfig = {
  // Counters and identities here stay far below 2^53, and the embedded database reads them so too.
  getTypeParser: (oid, format) => (oid === INT8 ? Number : types.getTypeParser(oid, format)),
};

/** Connections that give up rather than wait for ever. */
export const poolSettings = (url: string, size: number): PoolConfig => ({
  connectionString: url,
  max: size,
  types: parsers,
  connectionTimeoutMillis: 5000,
  idleTimeoutMillis: 30_000,
  statement_timeout: 10_000,
  idle_in_transaction_session_timeout: 15_000,
});

export function createPool(url: string, size: number, log: Logger): Pool {
  const pool = new Pool(poolSettings(url, size));
  // Without a listener, the server closing an idle connection would end the process.
  pool.on('error', (error) => log.warn(error, 'an idle database connection broke'));
  return pool;
}

export function databaseOn(pool: Pool): Database {
  return Object.freeze({
    query: (text, values = []) => answered(prepared(pool, text, [...values])),
    transaction: (work) => withRetries(() => runTransaction(pool, work)),
    close: () => pool.end(),
  } satisfies Database);
}

async function prepared<Row extends object>(pool: Pool, text: string, values: unknown[]): Promise<readonly Row[]> {
  try {
    return (await pool.query<Row>(named(text, values))).rows;
  } catch (error) {
    if (!nameRefused(error)) throw error;
    return (await pool.query<Row>(text, values)).rows;
  }
}

async function runTransaction<T>(pool: Pool, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const client = await answered(pool.connect());
  let broken: Error | undefined;
  // The pool listens to idle connections alone; unheard, a break of this one would end the process.
  const onBreak = (error: Error) => (broken = error);
  client.on('error', onBreak);
  try {
    await answered(client.query('begin'));
    const result = await work(transactionOn(client));
    await answered(client.query('commit'));
    return result;
  } catch (error) {
    // A connection that cannot roll back must not go back into the pool.
    await client.query('rollback').catch(onBreak);
    throw error;
  } finally {
    client.off('error', onBreak);
    client.release(broken);
  }
}

function transactionOn(client: PoolClient): Transaction {
  return {
    query: async (text, values) => (await answered(client.query(text, values ? [...values] : []))).rows,
    script: async (text) => void (await answered(client.query(text))),
  };
}

/** Tells an answer of the server, be it an error, from none. */
async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (sqlState(error)) throw error;
    throw new Unreachable('the database does not answer', { cause: error });
  }
}
