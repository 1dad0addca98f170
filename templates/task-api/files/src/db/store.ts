import { existsSync } from 'node:fs';
import { ConfigError, type Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { OpenStore, StoreModule } from '../ports/repositories.ts';

// A package of its own: what it takes is 300 MB, and nobody installs them without asking for it.
const ENTRY = new URL('../../prisma-repository/src/index.ts', import.meta.url);
const INSTALL = 'npm --prefix prisma-repository ci --ignore-scripts && npm --prefix prisma-repository run generate';

/** Opens what the configuration chose to keep projects and tasks in, unless that is SQL. */
export async function openStore(config: Config, log: Logger, entry = ENTRY): Promise<OpenStore | undefined> {
  if (config.repository === 'sql' || !config.databaseUrl) return undefined;
  const { openStore: open } = await load(entry);
  log.info('projects and tasks are kept by Prisma');
  return open(config.databaseUrl, config.databasePoolSize, log);
}

async function load(entry: URL): Promise<StoreModule> {
  if (!existsSync(entry)) throw new ConfigError('REPOSITORY: prisma is not built yet; see prisma-repository/README.md');
  try {
    return (await import(entry.href)) as StoreModule;
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new ConfigError(`REPOSITORY: prisma is not installed, or its client not generated; run: ${INSTALL}`, { cause: error });
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
