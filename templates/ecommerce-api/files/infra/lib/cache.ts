import { SecretValue } from 'aws-cdk-lib';
import { CfnParameterGroup, CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { Secret as TaskSecret } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Network } from './network.ts';

/**
 * Valkey, which speaks the protocol of Redis, and is what ElastiCache goes on with. It is a cache:
 * one node, no snapshots, and when it is full, what nobody asked for lately makes room.
 */
export class Cache extends Construct {
  readonly secrets: Readonly<Record<string, TaskSecret>>;

  constructor(scope: Construct, id: string, { vpc, cache }: Network) {
    super(scope, id);
    const subnets = new CfnSubnetGroup(this, 'Subnets', { description: 'the cache', subnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId) });
    const parameters = new CfnParameterGroup(this, 'Parameters', {
      cacheParameterGroupFamily: 'valkey8',
      description: 'the cache',
      properties: { 'maxmemory-policy': 'allkeys-lru' },
    });
    const token = new Secret(this, 'Token', { generateSecretString: { excludePunctuation: true, passwordLength: 64 } });
    // What CloudFormation alone puts the token in the place of, so that no template holds it.
    const reference = token.secretValue.unsafeUnwrap();
    const group = new CfnReplicationGroup(this, 'Group', {
      replicationGroupDescription: 'the cache',
      engine: 'valkey',
      engineVersion: '8.0',
      cacheNodeType: 'cache.t4g.micro',
      numCacheClusters: 1,
      automaticFailoverEnabled: false,
      cacheSubnetGroupName: subnets.ref,
      cacheParameterGroupName: parameters.ref,
      securityGroupIds: [cache.securityGroupId],
      transitEncryptionEnabled: true,
      atRestEncryptionEnabled: true,
      authToken: reference,
      snapshotRetentionLimit: 0,
    });
    const { attrPrimaryEndPointAddress: host, attrPrimaryEndPointPort: port } = group;
    const address = `rediss://:${reference}@${host}:${port}`;
    const url = new Secret(this, 'Url', { secretStringValue: SecretValue.unsafePlainText(address) });
    this.secrets = { REDIS_URL: TaskSecret.fromSecretsManager(url) };
  }
}
