export interface Queryable {
  /** Runs one statement. Values travel as parameters, never inside the text. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface Transaction extends Queryable {
  /** Runs several statements that take no parameters. For migrations. */
  script(text: string): Promise<void>;
}

export abstract class Database implements Queryable {
  abstract query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;

  /**
   * Runs `work` in one transaction, and again from its start when the database asks for that
   * (serialization failure, deadlock). Inside, use only the transaction that is handed in: the
   * embedded database has a single session and would wait for itself.
   */
  abstract transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;

  abstract close(): Promise<void>;
}
