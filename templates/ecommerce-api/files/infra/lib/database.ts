import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-ecs';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, ParameterGroup, PostgresEngineVersion, StorageType } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Network } from './network.ts';

const NAME = 'shop';
const ENGINE = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_18 });

/** PostgreSQL, which nobody reaches from outside. */
export class Database extends Construct {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;

  constructor(scope: Construct, id: string, { vpc, database }: Network) {
    super(scope, id);
    const instance = new DatabaseInstance(this, 'Instance', {
      engine: ENGINE,
      parameterGroup: new ParameterGroup(this, 'Parameters', { engine: ENGINE, parameters: { 'rds.force_ssl': '1' } }),
      // A small one takes some 200 connections: twice as many as all tasks open while one release replaces another.
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.SMALL),
      databaseName: NAME,
      credentials: Credentials.fromGeneratedSecret(NAME),
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [database],
      publiclyAccessible: false,
      storageType: StorageType.GP3,
      storageEncrypted: true,
      allocatedStorage: 20,
      maxAllocatedStorage: 100,
      backupRetention: Duration.days(7),
      deletionProtection: true,
      removalPolicy: RemovalPolicy.SNAPSHOT,
    });
    // The password stays where RDS keeps it, and pg takes what a URL lacks from variables.
    const { hostname, port } = instance.instanceEndpoint;
    this.environment = { DATABASE_URL: `postgres://${hostname}:${port}/${NAME}?sslmode=no-verify` };
    const secret = instance.secret as ISecret;
    this.secrets = { PGUSER: Secret.fromSecretsManager(secret, 'username'), PGPASSWORD: Secret.fromSecretsManager(secret, 'password') };
  }
}
