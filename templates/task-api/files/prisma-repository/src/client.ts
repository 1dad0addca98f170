import { PrismaPg } from '@prisma/adapter-pg';
import { poolSettings } from '../../src/db/pool.ts';
import type { Logger } from '../../src/logger.ts';
import { PrismaClient } from '../generated/client.ts';
import { answered } from './errors.ts';

const WAIT_MS = 5000;
const LONGEST_MS = 15_000;

/** The models, over connections that are as patient as those of the rest of the service. */
export function createClient(url: string, poolSize: number, log: Logger) {
  const adapter = new PrismaPg(poolSettings(url, poolSize), {
    onPoolError: (error) => log.warn(error, 'an idle database connection of Prisma broke'),
  });
  return new PrismaClient({ adapter, transactionOptions: { maxWait: WAIT_MS, timeout: LONGEST_MS } }).$extends({
    query: { $allOperations: ({ args, query }) => answered(query(args)) },
  });
}

export type Client = ReturnType<typeof createClient>;

/** What there is in a transaction, too. */
export type Queries = Pick<Client, 'project' | 'projectMember' | 'task' | 'taskEvent' | '$queryRaw' | '$queryRawUnsafe'>;
