import path from 'node:path';
import { PGlite, type Transaction as PGliteTransaction } from '@electric-sql/pglite';
import type { Database, Transaction } from '../ports/database.ts';
import { lockFolder } from './folder-lock.ts';
import { withRetries } from './transaction.ts';

/** Opens a PostgreSQL that runs inside this process and keeps its files in `folder`. */
export async function openEmbedded(folder: string): Promise<Database> {
  // Two processes in one data folder would destroy it for good.
  const unlock = lockFolder(folder);
  try {
    const engine = await PGlite.create(path.join(folder, 'postgres'));
    return embeddedDatabase(engine, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

export function embeddedDatabase(engine: PGlite, released: () => void = () => {}): Database {
  return Object.freeze({
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      (await engine.query<Row>(text, [...values])).rows,
    transaction: <T>(work: (transaction: Transaction) => Promise<T>) =>
      withRetries(() => engine.transaction((inner) => work(transactionOn(inner)))),
    close: async () => {
      await engine.close();
      released();
    },
  } satisfies Database);
}

function transactionOn(inner: PGliteTransaction): Transaction {
  return {
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      (await inner.query<Row>(text, [...values])).rows,
    script: async (text) => void (await inner.exec(text)),
  };
}
