import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Database } from './database.ts';
import type { Store } from './repositories.ts';
import type { Validation } from './validation.ts';

/** What a feature is made from. */
export interface Context {
  readonly config: Config;
  readonly log: Logger;
  readonly db: Database;
  /** Where projects and tasks are kept instead of in SQL of the feature's own. */
  readonly store?: Store | undefined;
  readonly validation: Validation;
}
