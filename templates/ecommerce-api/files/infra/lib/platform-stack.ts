import { Stack } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Cluster, Secret as TaskSecret, type FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { Cache } from './cache.ts';
import { Database } from './database.ts';
import { Network } from './network.ts';
import { output } from './output.ts';
import { defineTask, type Work } from './task.ts';

/** Network, database, cache and secrets; and the task that migrates, which runs before the service is replaced. */
export class PlatformStack extends Stack {
  readonly network: Network;
  readonly cluster: Cluster;
  /** What every process of the service is given. */
  readonly work: Work;

  constructor(scope: Construct, id: string) {
    super(scope, id, { description: 'Network, database, cache, secrets, and the task that migrates' });
    this.network = new Network(this, 'Network');
    this.cluster = new Cluster(this, 'Cluster', { vpc: this.network.vpc });
    const database = new Database(this, 'Database', this.network);
    const cache = new Cache(this, 'Cache', this.network);
    const signing = new Secret(this, 'Signing', { description: 'Signs access tokens', generateSecretString: { excludePunctuation: true, passwordLength: 64 } });
    const { environment, secrets } = database;
    this.work = { environment, secrets: { ...secrets, ...cache.secrets, JWT_SECRET: TaskSecret.fromSecretsManager(signing) } };
    this.#tellHowToMigrate(defineTask(this, 'Migration', { environment, secrets, command: ['node', 'dist/features/deployment/release.js'] }));
  }

  // For bin/migrate.ts.
  #tellHowToMigrate({ taskDefinitionArn }: FargateTaskDefinition): void {
    const { vpc, migration } = this.network;
    const { subnetIds } = vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS });
    const values = {
      ClusterName: this.cluster.clusterName,
      MigrationTask: taskDefinitionArn,
      MigrationSubnets: subnetIds.join(','),
      MigrationGroup: migration.securityGroupId,
    };
    for (const [name, value] of Object.entries(values)) output(this, name, value);
  }
}
