import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ErrorReply } from 'redis';
import type { Logger } from '../../logger.ts';
import type { Redis } from '../../redis/redis.module.ts';
import { inTime } from './in-time.ts';

/** How long a read waits for Redis: it has another way. */
const LIMIT_MS = 250;
/** How long a change waits, which has none. */
const PATIENCE_MS = 2000;
const PAUSE_MS = 1000;

/**
 * Knows whether the cache can be relied on, and replaces the version of the catalog in it.
 *
 * Nobody waits for a Redis that does not answer: the first who gets no answer in time sees to it
 * that nobody else asks, until it answers in time again. And what is in it counts only after this
 * process has replaced the version: over every new connection, because changes may have missed the
 * cache meanwhile, and after a change of its own that could not tell the cache in time.
 */
export class CacheLink {
  readonly redis: Redis;
  readonly versionKey: string;
  readonly #log: Logger;
  #usable = false;
  /** Whether the version has to be replaced before anything counts. */
  #owed = true;
  #mending: Promise<void> | undefined;

  constructor(redis: Redis, versionKey: string, log: Logger) {
    this.redis = redis;
    this.versionKey = versionKey;
    this.#log = log;
    redis.on('ready', () => {
      this.#usable = false;
      this.#owed = true;
      void this.#mend();
    });
  }

  get usable(): boolean {
    return this.#usable;
  }

  /** Returns what Redis answers; undefined where it refuses, or does not answer in time. */
  async ask<Reply>(command: () => Promise<Reply>): Promise<Reply | undefined> {
    try {
      return await inTime(LIMIT_MS, command());
    } catch (error) {
      // One that refuses does answer.
      if (!(error instanceof ErrorReply)) this.#suspend(error);
      return undefined;
    }
  }

  /**
   * Replaces the version: from then on, what was loaded before is out of date. Tells whether that
   * was done in time; if not, this process reads past the cache until it has been.
   */
  async renew(): Promise<boolean> {
    try {
      await inTime(PATIENCE_MS, this.#usable ? this.#replace() : this.#replaceOnceUsable());
      return true;
    } catch (error) {
      this.#owed = true;
      this.#suspend(error);
      return false;
    }
  }

  #replace(): Promise<unknown> {
    return this.redis.set(this.versionKey, randomUUID());
  }

  async #replaceOnceUsable(): Promise<void> {
    this.#owed = true;
    await this.#mend();
    if (this.#owed) throw new Error('there is no connection to Redis');
  }

  #suspend(error: unknown): void {
    if (this.#usable) this.#log.warn(error, 'Redis does not answer in time: reading past the cache');
    this.#usable = false;
    void this.#mend();
  }

  // One at a time: whoever comes while it runs makes it go round again.
  async #mend(): Promise<void> {
    if (this.redis.isReady) this.#mending ??= this.#untilUsable();
    await this.#mending;
  }

  // Ends early where the connection is lost: the next one begins it anew.
  async #untilUsable(): Promise<void> {
    do {
      const prompt = await this.#answersInTime();
      this.#usable = prompt && !this.#owed;
      if (!prompt) await pause(PAUSE_MS, undefined, { ref: false });
    } while (!this.#usable && this.redis.isReady);
    this.#mending = undefined;
  }

  // Waits as long as it takes: asking on would only hide that a connection is dead.
  async #answersInTime(): Promise<boolean> {
    const [owed, asked] = [this.#owed, performance.now()];
    this.#owed = false;
    try {
      await (owed ? this.#replace() : this.redis.ping());
      return performance.now() - asked < LIMIT_MS;
    } catch (error) {
      this.#owed ||= owed;
      this.#log.warn(error, 'Redis refuses, or is gone: reading past the cache');
      return false;
    }
  }
}
