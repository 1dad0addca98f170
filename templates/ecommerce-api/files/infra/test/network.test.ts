import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Template } from 'aws-cdk-lib/assertions';
import { at, complete, listAt, meant, resourcesOf, theOnly, type Resource } from './synthesised.ts';

const { platform, service } = complete();

/** By which kind of gateway a subnet reaches the world, if at all. */
function wayOut(subnet: string): readonly string[] {
  const [, association] = resourcesOf(platform, 'AWS::EC2::SubnetRouteTableAssociation').find(([, { Properties }]) => at(Properties, 'SubnetId', 'Ref') === subnet) ?? [];
  const table = at(association, 'Properties', 'RouteTableId', 'Ref');
  const routes = resourcesOf(platform, 'AWS::EC2::Route').filter(([, { Properties }]) => at(Properties, 'RouteTableId', 'Ref') === table);
  return routes.map(([, { Properties }]) => (at(Properties, 'NatGatewayId') ? 'nat' : 'internet'));
}

const subnetsOf = (references: readonly unknown[]) => references.map((reference) => meant(reference, platform));

test('database and cache stand where no way leads out, on two availability zones', () => {
  const database = listAt(theOnly(platform, 'AWS::RDS::DBSubnetGroup'), 'Properties', 'SubnetIds');
  const cache = listAt(theOnly(platform, 'AWS::ElastiCache::SubnetGroup'), 'Properties', 'SubnetIds');
  for (const subnets of [database, cache].map(subnetsOf)) {
    assert.equal(subnets.length, 2);
    for (const subnet of subnets) assert.deepEqual(wayOut(subnet), [], subnet);
  }
});

test('tasks reach out, and cannot be reached', () => {
  const services = resourcesOf(service, 'AWS::ECS::Service');
  assert.equal(services.length, 2);
  for (const [id, { Properties }] of services) {
    const network = at(Properties, 'NetworkConfiguration', 'AwsvpcConfiguration');
    assert.equal(at(network, 'AssignPublicIp'), 'DISABLED', id);
    for (const subnet of subnetsOf(listAt(network, 'Subnets'))) assert.deepEqual(wayOut(subnet), ['nat'], id);
  }
});

test('nothing gets a public address by itself', () => {
  for (const [id, { Properties }] of resourcesOf(platform, 'AWS::EC2::Subnet')) assert.equal(at(Properties, 'MapPublicIpOnLaunch'), false, id);
});

interface Rule {
  readonly group: string;
  readonly from: string;
  readonly port: unknown;
}

/** Every rule that lets something in, whether it stands in its group or beside it. */
function rules(template: Template): readonly Rule[] {
  const ruleOf = (group: string, rule: unknown): Rule => ({
    group,
    from: String(at(rule, 'CidrIp') ?? at(rule, 'CidrIpv6') ?? meant(at(rule, 'SourceSecurityGroupId'), template)),
    port: at(rule, 'FromPort') === at(rule, 'ToPort') ? at(rule, 'FromPort') : 'several',
  });
  const within = resourcesOf(template, 'AWS::EC2::SecurityGroup').flatMap(([id, { Properties }]) => listAt(Properties, 'SecurityGroupIngress').map((rule) => ruleOf(id, rule)));
  const beside = resourcesOf(template, 'AWS::EC2::SecurityGroupIngress').map(([, { Properties }]) => ruleOf(meant(at(Properties, 'GroupId'), template), Properties));
  return [...within, ...beside];
}

const groupOf = (reference: unknown) => meant(reference, platform);

function groups() {
  const serviceGroup = (role: string) => {
    const [, found] = resourcesOf(service, 'AWS::ECS::Service').find(([id]) => id.startsWith(role)) ?? [];
    return groupOf(at(found, 'Properties', 'NetworkConfiguration', 'AwsvpcConfiguration', 'SecurityGroups', 0));
  };
  const first = (resource: Resource, key: string) => groupOf(listAt(resource.Properties, key)[0]);
  return {
    web: serviceGroup('Web'),
    worker: serviceGroup('Worker'),
    migration: groupOf(at(Object.values(platform.findOutputs('MigrationGroup'))[0], 'Value')),
    balancer: first(theOnly(service, 'AWS::ElasticLoadBalancingV2::LoadBalancer'), 'SecurityGroups'),
    database: first(theOnly(platform, 'AWS::RDS::DBInstance'), 'VPCSecurityGroups'),
    cache: first(theOnly(platform, 'AWS::ElastiCache::ReplicationGroup'), 'SecurityGroupIds'),
  };
}

const reaching = (wanted: string) => rules(platform).filter(({ group }) => group === wanted);

test('the world reaches the load balancer alone, and that the web alone', () => {
  const { balancer, web } = groups();
  assert.deepEqual(rules(service), []);
  assert.deepEqual(rules(platform).filter(({ from }) => from.includes('/')).map(({ group, port }) => [group, port]), [[balancer, 80], [balancer, 443]]);
  assert.deepEqual(reaching(web), [{ group: web, from: balancer, port: 3000 }]);
});

test('web and worker reach database and cache, the migration the database, and nobody else anything', () => {
  const { web, worker, migration, database, cache } = groups();
  assert.deepEqual(reaching(database), [web, worker, migration].map((from) => ({ group: database, from, port: 5432 })));
  assert.deepEqual(reaching(cache), [web, worker].map((from) => ({ group: cache, from, port: 6379 })));
  assert.deepEqual([...reaching(worker), ...reaching(migration)], []);
});
