import assert from 'node:assert/strict';
import { bodyOf } from '../support/http.ts';
import { runCommand } from '../support/processes.ts';
import { resourcesOf, synthesise, testInfra, type Container, type Resources } from './cloud.ts';
import { leaf, productionOn, type Leaf, type Production } from './world.ts';

/** For how long a process may drain, with the delay before it. */
const DRAINS_S = 30;

export const infra: readonly Leaf[] = [
  leaf('infra', 'its own tests hold', async () => {
    const { code, output } = await testInfra();
    assert.equal(code, 0, output);
  }),

  leaf('infra', 'database and cache are private and encrypted, and nothing has an address of its own', async () => {
    const resources = await synthesise();
    const databases = resourcesOf(resources, 'AWS::RDS::DBInstance');
    const caches = resourcesOf(resources, 'AWS::ElastiCache::ReplicationGroup');
    assert.ok(databases.length > 0 && caches.length > 0, 'there are a database and a cache');
    for (const { PubliclyAccessible, StorageEncrypted, DeletionProtection } of databases) {
      assert.deepEqual([PubliclyAccessible, StorageEncrypted, DeletionProtection], [false, true, true]);
    }
    for (const { TransitEncryptionEnabled, AuthToken } of caches) assert.ok(TransitEncryptionEnabled === true && AuthToken !== undefined);
    for (const service of resourcesOf(resources, 'AWS::ECS::Service')) assert.match(JSON.stringify(service), /"AssignPublicIp":"DISABLED"/);
  }),

  leaf('infra', 'secrets are no plain variables, and no right is for everything', async () => {
    const resources = await synthesise();
    for (const { Environment = [] } of containersOf(resources)) {
      assert.deepEqual(Environment.map(({ Name }) => Name).filter((name) => /SECRET|TOKEN|PASSWORD|_KEY$/.test(name)), []);
      assert.doesNotMatch(JSON.stringify(Environment), /resolve:secretsmanager/);
    }
    for (const policy of resourcesOf(resources, 'AWS::IAM::Policy')) {
      const { Statement } = policy['PolicyDocument'] as { readonly Statement: readonly { readonly Action: unknown; readonly Resource: unknown }[] };
      for (const { Action, Resource } of Statement) {
        assert.doesNotMatch(JSON.stringify(Action), /\*/);
        if ([Resource].flat().includes('*')) assert.deepEqual([Action].flat(), ['ecr:GetAuthorizationToken']);
      }
    }
  }),

  leaf('infra', 'requests go to what is ready, and what stops has the time to drain', async ({ kit, env }) => {
    const resources = await synthesise();
    const paths = resourcesOf(resources, 'AWS::ElasticLoadBalancingV2::TargetGroup').map(({ HealthCheckPath }) => String(HealthCheckPath));
    assert.ok(paths.length > 0, 'there is a load balancer with targets');
    const ready = await kit.start(env);
    for (const path of paths) bodyOf(await ready.client.get(path));
    for (const { StopTimeout } of containersOf(resources)) assert.ok(Number(StopTimeout) > DRAINS_S, `StopTimeout: ${StopTimeout}`);
  }),

  leaf('infra', 'what its tasks are given is enough to release, to serve and to work', async ({ kit }) => {
    const containers = containersOf(await synthesise());
    const env = productionOn(await kit.database());
    const migration = containers.filter(({ Command }) => Command);
    assert.equal(migration.length, 1, 'one task migrates');
    for (const container of migration) {
      const { code, output } = await runCommand(container.Command ?? [], given(container, env));
      assert.equal(code, 0, output);
    }
    const roles = containers.flatMap(({ Environment = [] }) => Environment.filter(({ Name }) => Name === 'ROLE').map(({ Value }) => String(Value)));
    assert.deepEqual(roles.toSorted(), ['web', 'worker']);
    const web = containers.find(({ Environment = [] }) => Environment.some(({ Value }) => Value === 'web'));
    assert.ok(web);
    await kit.start(given(web, env));
  }),
];

function containersOf(resources: Resources): readonly Container[] {
  const containers = resourcesOf(resources, 'AWS::ECS::TaskDefinition').flatMap(({ ContainerDefinitions }) => ContainerDefinitions as readonly Container[]);
  assert.ok(containers.length >= 3, 'there are tasks for web, worker and migration');
  return containers;
}

/** The variables that a task has, with values that lead to the services of this run. */
function given({ Environment = [], Secrets = [] }: Container, env: Production): Readonly<Record<string, string>> {
  const names = new Set(Secrets.map(({ Name }) => Name));
  const url = new URL(env.DATABASE_URL);
  const ours: Readonly<Record<string, string>> = {
    ...env,
    PGUSER: url.username,
    PGPASSWORD: url.password,
    REDIS_URL: process.env['ACCEPTANCE_REDIS_URL'] ?? '',
    DATABASE_URL: names.has('PGUSER') ? Object.assign(new URL(url), { username: '', password: '' }).href : url.href,
  };
  const secrets = [...names].map((name) => [name, ours[name] ?? ''] as const);
  const variables = Environment.map(({ Name, Value }) => [Name, typeof Value === 'string' ? Value : (ours[Name] ?? '')] as const);
  // As long as `auth` is a stub it takes this one, which nobody deploys.
  const stub = { DEMO_TOKEN: env.DEMO_TOKEN };
  return Object.fromEntries([...Object.entries(stub), ...secrets, ...variables].filter(([name]) => name !== 'PORT'));
}
