import { Global, Inject, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { createClient } from 'redis';
import { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { LOGGER } from '../platform/tokens.ts';

export type Redis = ReturnType<typeof clientFor>;

/** The connection to Redis, or undefined where no `REDIS_URL` is set: `@Inject(REDIS) redis: Redis | undefined`. */
export const REDIS = Symbol('redis');

const CONNECT_MS = 2000;
const LONGEST_PAUSE_MS = 2000;
const PING_MS = 1000;
// A connection that is silent for longer than it takes to answer a ping is dead, whatever TCP believes.
const SILENCE_MS = 3000;

const clientFor = (url: string) =>
  createClient({
    url,
    // What cannot be asked now is not asked later: whoever asks has another way.
    disableOfflineQueue: true,
    pingInterval: PING_MS,
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, LONGEST_PAUSE_MS),
    },
    // The client's own limit ends with the sending, and costs a timer each: whoever asks sets one that ends with the answer.
    commandOptions: { timeout: 0 },
    maintNotifications: 'disabled',
  });

function create({ redisUrl }: Config, log: Logger): Redis | undefined {
  if (!redisUrl) return undefined;
  const redis = clientFor(redisUrl);
  // Without a listener, a broken connection would end the process.
  redis.on('error', (error: unknown) => log.debug(error, 'no connection to Redis'));
  return redis;
}

@Global()
@Module({
  providers: [{ provide: REDIS, useFactory: create, inject: [Config, LOGGER] }],
  exports: [REDIS],
})
export class RedisModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: Redis | undefined) {}

  // Not awaited: the service starts without Redis, too, and finds it when it is there.
  onApplicationBootstrap(): void {
    void this.redis?.connect().catch(() => {});
  }

  onApplicationShutdown(): void {
    this.redis?.destroy();
  }
}
