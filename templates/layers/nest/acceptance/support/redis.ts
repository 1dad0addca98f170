import { randomBytes } from 'node:crypto';
import { createClient } from 'redis';
import { serviceUrl } from './services.ts';

/** The keys of one run on the Redis that the suite may use; nobody else's are touched. */
export interface TestRedis {
  /** What every key of the service has to begin with. */
  readonly prefix: string;
  /** All keys of the run that are there. */
  keys(): Promise<readonly string[]>;
  /** The text at a key; undefined where there is none. */
  get(key: string): Promise<string | undefined>;
  /** Puts a text in the place of whatever is there, for as long as that had been there. */
  put(key: string, text: string): Promise<void>;
  /** Puts a list in the place of whatever is there. */
  putList(key: string): Promise<void>;
  /** For how many milliseconds a key is kept; Infinity where nothing ends it. */
  lifeOf(key: string): Promise<number>;
  /** Forgets everything, as a server that starts anew. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openRedis(): Promise<TestRedis> {
  const client = createClient({ url: serviceUrl('redis').href });
  client.on('error', () => {});
  await client.connect();
  const prefix = `acceptance:${randomBytes(6).toString('hex')}:`;
  const keys = async () => {
    const found = new Set<string>();
    for await (const some of client.scanIterator({ MATCH: `${prefix}*`, COUNT: 1000 })) some.forEach((key) => found.add(key));
    return [...found];
  };
  const clear = async () => {
    for (const key of await keys()) await client.del(key);
  };
  return Object.freeze({
    prefix,
    keys,
    clear,
    get: async (key: string) => ((await client.type(key)) === 'string' ? ((await client.get(key)) ?? undefined) : undefined),
    put: async (key: string, text: string) => {
      const life = await client.pTTL(key);
      await client.set(key, text, life > 0 ? { expiration: { type: 'PX', value: life } } : {});
    },
    putList: async (key: string) => {
      await client.multi().del(key).rPush(key, ['a', 'b']).exec();
    },
    lifeOf: async (key: string) => {
      const life = await client.pTTL(key);
      return life === -1 ? Number.POSITIVE_INFINITY : life;
    },
    close: async () => {
      await clear();
      await client.close();
    },
  });
}
