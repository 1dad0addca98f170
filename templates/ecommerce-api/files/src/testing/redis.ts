import { EventEmitter } from 'node:events';
import type { Redis } from '../redis/redis.module.ts';

interface Options {
  readonly condition?: 'NX';
}

/** As much of Redis as the service asks for, in memory. It can be gone, and it can hang. */
export class FakeRedis extends EventEmitter {
  readonly values = new Map<string, string>();
  isReady = false;
  #answering: Promise<void> = Promise.resolve();
  #answer: () => void = () => {};

  /** As the service knows it. */
  asRedis(): Redis {
    return this as unknown as Redis;
  }

  async connect(): Promise<void> {
    this.isReady = true;
    this.emit('ready');
  }

  destroy(): void {
    this.isReady = false;
  }

  /** From now on nothing is answered, until `answer`. */
  hang(): void {
    ({ promise: this.#answering, resolve: this.#answer } = Promise.withResolvers<void>());
  }

  answer(): void {
    this.#answer();
  }

  ping(): Promise<string> {
    return this.#do(() => 'PONG');
  }

  mGet(keys: readonly string[]): Promise<(string | null)[]> {
    return this.#do(() => keys.map((key) => this.values.get(key) ?? null));
  }

  set(key: string, value: string, { condition }: Options = {}): Promise<'OK' | null> {
    return this.#do(() => {
      if (condition === 'NX' && this.values.has(key)) return null;
      this.values.set(key, value);
      return 'OK';
    });
  }

  /** Knows one script: to delete a key that holds a value. */
  eval(_script: string, { keys: [key = ''], arguments: [value] }: { readonly keys: readonly string[]; readonly arguments: readonly string[] }): Promise<number> {
    return this.#do(() => Number(this.values.get(key) === value && this.values.delete(key)));
  }

  async #do<Reply>(work: () => Reply): Promise<Reply> {
    if (!this.isReady) throw new Error('The client is offline');
    await this.#answering;
    if (!this.isReady) throw new Error('Socket closed unexpectedly');
    return work();
  }
}
