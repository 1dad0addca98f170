import { randomBytes } from 'node:crypto';
import { people, type People } from '../people.ts';
import type { TestDatabase } from '../support/database.ts';
import type { Answer } from '../support/http.ts';
import { runScript, type Service } from '../support/processes.ts';
import type { Kit } from '../support/suite.ts';

export interface World {
  readonly kit: Kit;
  /** Production: the database and the secrets, and nothing else. */
  readonly env: Production;
  readonly database: TestDatabase;
}

export type Production = ReturnType<typeof productionOn>;

/** A database that the release command has migrated, which shows that there is one. */
export async function makeWorld(kit: Kit): Promise<World> {
  return { kit, ...(await released(kit)) };
}

/** A database of its own, migrated, and what a process needs to run on it. */
export async function released(kit: Kit): Promise<Pick<World, 'env' | 'database'>> {
  const database = await kit.database();
  const env = productionOn(database);
  await releaseOn(env);
  return { database, env };
}

export async function releaseOn(env: Production): Promise<void> {
  const { code, output } = await runScript('release', env);
  if (code !== 0) throw new Error(`npm run release ended with ${code}: ${output}`);
}

export const secret = (): string => randomBytes(32).toString('hex');

// Whatever is built finds its secret, and what is a stub the one that stands in its place.
export const productionOn = ({ url }: TestDatabase) => ({
  NODE_ENV: 'production',
  DATABASE_URL: url,
  JWT_SECRET: secret(),
  DEMO_TOKEN: secret(),
  STRIPE_SECRET_KEY: `sk_test_${secret()}`,
  STRIPE_WEBHOOK_SECRET: `whsec_${secret()}`,
});

/** The people whom a production process knows, whether or not `auth` is built. */
export const peopleOf = ({ client }: Service, { env, database }: Pick<World, 'env' | 'database'>): Promise<People> =>
  people(client.with({ Authorization: `Bearer ${env.DEMO_TOKEN}` }), database);

/** Whether or not `auth` is built, one of these has to look at the table of users. */
export const usingUsers = ({ client }: Service, env: Production): readonly Promise<Answer>[] => [
  client.get('/v1/orders', { Authorization: `Bearer ${env.DEMO_TOKEN}` }),
  client.post('/v1/auth/login', { email: 'nobody@example.test', password: secret() }),
];

export interface Leaf {
  readonly id: string;
  readonly title: string;
  readonly body: (world: World) => Promise<void>;
}

/** A test that the suite declares: one thing that the evidence `deployment.id` consists of. */
export const leaf = (id: string, title: string, body: Leaf['body']): Leaf => Object.freeze({ id, title, body });
