import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Template } from 'aws-cdk-lib/assertions';
import { at, complete, listAt, meant, resourcesOf, STRIPE } from './synthesised.ts';

const { platform, service } = complete();
const SECRETS = ['JWT_SECRET', 'PGPASSWORD', 'PGUSER', 'REDIS_URL', 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'];
/** For how long a process drains at most: `src/features/deployment/drain.ts`, and the delay before it. */
const DRAINS_S = 30;

const tasks = [platform, service].flatMap((template) => resourcesOf(template, 'AWS::ECS::TaskDefinition').map(([id, { Properties }]) => ({ id, template, Properties })));
const named = (entries: readonly unknown[]) => entries.map((entry) => String(at(entry, 'Name'))).toSorted();
const task = (prefix: string) => {
  const found = tasks.find(({ id }) => id.startsWith(prefix));
  assert.ok(found, prefix);
  return { ...found, container: at(found.Properties, 'ContainerDefinitions', 0) };
};

test('there are a web, a worker and a migration, of one image', () => {
  assert.deepEqual(tasks.map(({ id }) => id.replace(/(Task)?[0-9A-F]{8}$/, '')), ['Migration', 'Web', 'Worker']);
  const images = tasks.map(({ Properties }) => JSON.stringify(at(Properties, 'ContainerDefinitions', 0, 'Image')));
  assert.equal(new Set(images).size, 1);
  assert.deepEqual(at(task('Migration').container, 'Command'), ['node', 'dist/features/deployment/release.js']);
});

test('no secret is a plain variable', () => {
  for (const { id, Properties } of tasks) {
    const environment = listAt(Properties, 'ContainerDefinitions', 0, 'Environment');
    assert.deepEqual(named(environment).filter((name) => /SECRET|TOKEN|PASSWORD|KEY|USER|REDIS/.test(name)), [], id);
    assert.doesNotMatch(JSON.stringify(environment), /resolve:|:\/\/[^"]*@/, id);
  }
  for (const role of ['Web', 'Worker']) assert.deepEqual(named(listAt(task(role).container, 'Secrets')), SECRETS);
  assert.deepEqual(named(listAt(task('Migration').container, 'Secrets')), ['PGPASSWORD', 'PGUSER']);
});

const variable = (role: string, name: string) => at(listAt(task(role).container, 'Environment').find((entry) => at(entry, 'Name') === name), 'Value');

test('web and worker have their roles', () => {
  assert.equal(variable('Web', 'ROLE'), 'web');
  assert.equal(variable('Web', 'TRUSTED_PROXIES'), '1');
  assert.equal(variable('Worker', 'ROLE'), 'worker');
});

test('a container is killed only after it had the time to drain, and writes nothing but its log', () => {
  for (const { id, Properties } of tasks) {
    const container = at(Properties, 'ContainerDefinitions', 0);
    assert.ok(Number(at(container, 'StopTimeout')) > DRAINS_S, id);
    assert.equal(at(container, 'ReadonlyRootFilesystem'), true, id);
    assert.equal(at(container, 'LogConfiguration', 'LogDriver'), 'awslogs', id);
  }
  for (const template of [platform, service]) {
    for (const [id, { Properties }] of resourcesOf(template, 'AWS::Logs::LogGroup')) assert.equal(at(Properties, 'RetentionInDays'), 30, id);
  }
});

/** Everything that a role may do. */
function statementsOf(template: Template, role: unknown): readonly unknown[] {
  const policies = resourcesOf(template, 'AWS::IAM::Policy').filter(([, { Properties }]) => listAt(Properties, 'Roles').some((entry) => at(entry, 'Ref') === role));
  return policies.flatMap(([, { Properties }]) => listAt(Properties, 'PolicyDocument', 'Statement'));
}

test('a task may read the secrets that it names, and no other', () => {
  for (const { id, template, Properties } of tasks) {
    const secrets = listAt(Properties, 'ContainerDefinitions', 0, 'Secrets').map((entry) => secretOf(at(entry, 'ValueFrom')));
    const readable = statementsOf(template, meant(at(Properties, 'ExecutionRoleArn'), template))
      .filter((statement) => JSON.stringify(at(statement, 'Action')).includes('secretsmanager:'))
      .flatMap((statement) => [at(statement, 'Resource')].flat().map(secretOf));
    assert.deepEqual([...new Set(readable)].toSorted(), [...new Set(secrets)].toSorted(), id);
  }
});

// A reference to a secret as a whole, or to one of its keys.
function secretOf(reference: unknown): string {
  const joined = at(reference, 'Fn::Join', 1, 0);
  const whole = typeof reference === 'string' ? reference : (joined ?? reference);
  return typeof whole === 'string' ? whole.replace(/(:\w*){3}$/, (end) => (end.endsWith('::') ? '' : end)) : meant(whole, platform);
}

test('the service itself may do nothing in the account', () => {
  for (const { id, template, Properties } of tasks) assert.deepEqual(statementsOf(template, meant(at(Properties, 'TaskRoleArn'), template)), [], id);
});

test('no right is wider than it must be', () => {
  for (const template of [platform, service]) {
    for (const [id, { Properties }] of resourcesOf(template, 'AWS::IAM::Policy')) {
      for (const statement of listAt(Properties, 'PolicyDocument', 'Statement')) {
        const actions = [at(statement, 'Action')].flat();
        assert.ok(!actions.some((action) => String(action).includes('*')), `${id}: ${actions}`);
        // A token for the registry is for no one repository.
        if (JSON.stringify(at(statement, 'Resource')).includes('"*"')) assert.deepEqual(actions, ['ecr:GetAuthorizationToken'], id);
      }
    }
    for (const [id, { Properties }] of resourcesOf(template, 'AWS::IAM::Role')) assert.equal(at(Properties, 'ManagedPolicyArns'), undefined, id);
  }
});

test('the secret of Stripe is the one that was named', () => {
  assert.ok(JSON.stringify(at(task('Web').container, 'Secrets')).includes(STRIPE));
});
