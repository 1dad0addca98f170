import { after, test } from 'node:test';
import { requireBuild } from './build.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { limitOf, limitOfSetUp, within } from './limits.ts';
import { launchService, startService, type Service, type Variant } from './processes.ts';
import { newSeed, randomFrom, type Random } from './random.ts';

const CLEAN_UP_MS = 60_000;

type Variables = Readonly<Record<string, string>>;

/** What a test file makes its world from. All of it is cleared away at the end. */
export interface Kit {
  readonly random: Random;
  database(): Promise<TestDatabase>;
  start(env: Variables, variant?: Variant): Promise<Service>;
  launch(env: Variables, variant?: Variant): Promise<Service>;
}

export interface Suite<World> {
  /**
   * Declares a leaf test: one thing that the evidence `feature.id` consists of. It may take as
   * long as that evidence's `timeout_s` in the checklist says.
   */
  leaf(id: string, title: string, body: (world: World) => Promise<void>): void;
}

/**
 * The black-box suite of one feature. The world is made once, when the first leaf needs it; if
 * that fails, because the feature is a stub or the service does not start, every leaf fails at
 * once with the same reason.
 */
export function suite<World>(feature: string, setUp: (kit: Kit) => Promise<World>): Suite<World> {
  const cleanups: (() => Promise<unknown>)[] = [];
  let world: Promise<World> | undefined;
  after(async () => {
    for (const cleanUp of cleanups.toReversed()) await cleanUp();
  }, { timeout: CLEAN_UP_MS });
  return Object.freeze({
    leaf: (id: string, title: string, body: (world: World) => Promise<void>) => {
      test(`${feature}.${id}: ${title}`, async () => {
        world ??= within(limitOfSetUp(feature), 'setting up was not done', begin(feature, setUp, cleanups));
        const ready = await world;
        await within(limitOf(`${feature}.${id}`), 'it was still running', body(ready));
      });
    },
  });
}

async function begin<World>(feature: string, setUp: (kit: Kit) => Promise<World>, cleanups: (() => Promise<unknown>)[]): Promise<World> {
  requireBuild();
  return setUp(kitFor(feature, cleanups));
}

/** Fails unless the feature is built, as the answer of its entry point tells. */
export function requireBuilt(feature: string, answer: { readonly status: number }): void {
  if (answer.status === 501) throw new Error(`${feature} is not built yet`);
}

function kitFor(feature: string, cleanups: (() => Promise<unknown>)[]): Kit {
  const later = async <T>(made: Promise<T>, undo: (value: T) => Promise<unknown>): Promise<T> => {
    const value = await made;
    cleanups.push(() => undo(value));
    return value;
  };
  return Object.freeze({
    random: randomFrom(`${process.env['ACCEPTANCE_SEED'] ?? newSeed()}/${feature}`),
    database: () => later(createDatabase(), (database) => database.drop()),
    start: (env: Variables, variant?: Variant) => later(startService(env, variant), (service) => service.stop()),
    launch: (env: Variables, variant?: Variant) => later(launchService(env, variant), (service) => service.stop()),
  });
}
