import type { Answer } from '../support/http.ts';
import { until } from '../support/poll.ts';
import type { Service } from '../support/processes.ts';
import type { Random } from '../support/random.ts';
import type { Shop } from './world.ts';

/** What went wrong on our side, or was never answered because a process was killed. */
export class Troubles {
  readonly seen: string[] = [];

  async watch<T>(what: string, answer: Promise<Answer<T>>): Promise<Answer<T> | undefined> {
    try {
      const { status, text } = await answer;
      // 503 is a race lost for too long.
      if (status >= 500 && status !== 503) this.seen.push(`${what}: ${status} ${text}`);
      return await answer;
    } catch {
      return undefined;
    }
  }
}

/** One of these, or nothing where there is none. */
export const pick = <T>(random: Random, items: readonly T[]): T | undefined => items[random.int(0, items.length - 1)];

export interface Accident<S extends Shop> {
  readonly shop: S;
  /** Kills the second process once the storm is on its way, and starts another one in its place. */
  readonly accident: () => Promise<void>;
}

/** A shop to which an accident will happen: when there are some rows of what `begun` selects. */
export function withAccident<S extends Shop>(shop: S, begun: string): Accident<S> {
  const services: [Service, Service] = [...shop.services];
  const accident = async () => {
    await until('the storm is on its way', async () => (await shop.database.query(begun)).length > 8, { withinMs: 60_000 });
    services[1].signal('SIGKILL');
    services[1] = await shop.kit.start(shop.env);
  };
  return { shop: { ...shop, services }, accident };
}

/** Waits for all of them, whatever becomes of one: nothing may go on when the leaf is over. */
export async function together(...work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
