import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { migrate } from './db/migrate.ts';
import { openDatabase } from './db/open.ts';
import { openStore } from './db/store.ts';
import { createFeatures } from './features/index.ts';
import { createLogger, type Logger } from './logger.ts';
import { createMetrics } from './metrics/metrics.ts';
import { serveMetrics } from './metrics/server.ts';
import type { OpenStore } from './ports/repositories.ts';

async function serve(log: Logger): Promise<void> {
  const config = readConfig(process.env);
  log.level = config.logLevel;
  const db = await openDatabase(config, log);
  let store: OpenStore | undefined;
  const close = async () => {
    await store?.close();
    await db.close();
  };
  try {
    store = await openStore(config, log);
    const features = createFeatures({ config, log, db, store });
    // In production the release command migrates, once, before any new process starts.
    if (!config.production) await migrate(db, log);
    const metrics = config.metricsPort === undefined ? undefined : createMetrics();
    if (metrics) await serveMetrics(metrics, config, log);
    const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, createApp({ config, log, db, features, metrics }));
    server.listen(config.port, config.host);
    await once(server, 'listening');
    features.lifecycle.attach({ server, log, close });
    log.info(`listening on http://${config.host}:${(server.address() as AddressInfo).port}`);
  } catch (error) {
    await close();
    throw error;
  }
}

const log = createLogger({ logLevel: 'info' });
try {
  await serve(log);
} catch (error) {
  log.fatal(error, `cannot start: ${String(error)}`);
  process.exitCode = 1;
}
