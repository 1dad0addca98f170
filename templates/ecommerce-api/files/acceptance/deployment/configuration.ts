import assert from 'node:assert/strict';
import { bodyOf, problemOf } from '../support/http.ts';
import { leaf, type Leaf, type World } from './world.ts';

/** Starts a production process with something wrong in its environment, and returns what it says. */
async function refusal({ kit, env }: World, wrong: Readonly<Record<string, string>>): Promise<string> {
  const service = await kit.launch({ ...env, ...wrong });
  const { code } = await service.exited();
  assert.ok(code !== 0 && code !== null, `it must refuse to start, and ended with ${code}`);
  return service.output();
}

export const configuration: readonly Leaf[] = [
  leaf('configuration', 'nothing but the database and the secrets is needed', async ({ kit, env }) => {
    const service = await kit.start(env);
    bodyOf(await service.client.get('/health/live'));
    // Nobody gets in without a credential.
    problemOf(await service.client.get('/v1/orders'), 401);
  }),

  leaf('configuration', 'without a database it does not start, and never on the embedded one', async (world) => {
    assert.match(await refusal(world, { DATABASE_URL: '' }), /DATABASE_URL/);
  }),

  leaf('configuration', 'without secrets it does not start', async (world) => {
    assert.match(await refusal(world, { JWT_SECRET: '', DEMO_TOKEN: '' }), /JWT_SECRET|DEMO_TOKEN/);
    const { client } = await world.kit.start(world.env);
    const payments = await client.post('/v1/webhooks/stripe', {});
    if (payments.status !== 501) assert.match(await refusal(world, { STRIPE_SECRET_KEY: '', STRIPE_WEBHOOK_SECRET: '' }), /STRIPE_/);
  }),

  leaf('configuration', 'with secrets from an example, or short ones, it does not start, and does not print them', async (world) => {
    const examples = { JWT_SECRET: 'change-me-change-me-change-me-change-me', DEMO_TOKEN: 'an-example-an-example-an-example-1', STRIPE_SECRET_KEY: 'sk_test_replace_me_with_your_own_key' };
    const wrong = { JWT_SECRET: 'short-and-private', DEMO_TOKEN: 'short-and-private', STRIPE_SECRET_KEY: 'pk_test_thatiswhatbrowsersget' };
    for (const values of [examples, wrong]) {
      const output = await refusal(world, values);
      assertNames(output, Object.keys(values));
      for (const value of Object.values(values)) assert.ok(!output.includes(value));
    }
  }),

  leaf('configuration', 'each value that makes no sense is named', async (world) => {
    const wrong = { PORT: 'eighty', DATABASE_URL: 'mysql://localhost/x', REDIS_URL: 'http://localhost', ROLE: 'boss' };
    assertNames(await refusal(world, wrong), Object.keys(wrong));
  }),
];

function assertNames(output: string, names: readonly string[]): void {
  for (const name of names) assert.match(output, new RegExp(`\\b${name}\\b`));
}
