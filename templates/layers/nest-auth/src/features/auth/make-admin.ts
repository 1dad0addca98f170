import { readConfig } from '../../config.ts';
import { openPool } from '../../db/open.ts';
import { databaseOn } from '../../db/pool.ts';
import { createLogger } from '../../logger.ts';
import { appoint } from './roles.ts';

const log = createLogger({ logLevel: 'info' });

/** The first admin has nobody who could make them one; whoever runs the service does. */
async function main(email: string | undefined): Promise<void> {
  if (!email) throw new Error('name the address of somebody who is registered: npm run make-admin -- ada@example.org');
  const { pool, close } = await openPool(readConfig(process.env), log);
  try {
    if (!(await appoint({ db: databaseOn(pool), log }, email))) throw new Error('nobody is registered with this address');
  } finally {
    await close();
  }
}

try {
  await main(process.argv[2]);
} catch (error) {
  log.fatal(`no admin was made: ${String(error)}`);
  process.exitCode = 1;
}
