import { Injectable } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { PrismaClient, type Prisma } from '../generated/prisma/client.ts';
import { withRetries } from './transaction.ts';

/** What takes part in a transaction: everything but the beginning of another one. */
export type Tx = Prisma.TransactionClient;

const WAIT_MS = 5000;
const LONGEST_MS = 15_000;

/** The models, over the connections of the service. */
@Injectable()
export class PrismaService extends PrismaClient {
  constructor(pool: Pool) {
    super({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) });
  }

  /**
   * Runs `work` in one transaction, and again from its start when the database says that it lost
   * a race. Inside, use only the transaction that is handed in: the embedded database has a
   * single connection and would wait for itself.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return withRetries(() => this.$transaction(work, { maxWait: WAIT_MS, timeout: LONGEST_MS }));
  }
}
