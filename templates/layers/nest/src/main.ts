import { readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { serve } from './serve.ts';

const log = createLogger({ logLevel: 'info' });
try {
  const config = readConfig(process.env);
  log.level = config.logLevel;
  await serve(config, log);
} catch (error) {
  log.fatal(error, `cannot start: ${String(error)}`);
  process.exit(1);
}
