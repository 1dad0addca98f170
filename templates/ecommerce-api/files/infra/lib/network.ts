import { GatewayVpcEndpointAwsService, Peer, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

export const PORTS = Object.freeze({ web: 3000, database: 5432, cache: 6379 });

/** Where everything is, and who may speak to whom. Nothing is allowed that does not stand here. */
export class Network extends Construct {
  readonly vpc: Vpc;
  readonly balancer: SecurityGroup;
  readonly web: SecurityGroup;
  readonly worker: SecurityGroup;
  readonly migration: SecurityGroup;
  readonly database: SecurityGroup;
  readonly cache: SecurityGroup;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 1,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: 'tasks', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 22 },
        { name: 'data', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
      // Free of charge, and the layers of images come from there.
      gatewayEndpoints: { s3: { service: GatewayVpcEndpointAwsService.S3 } },
    });
    this.balancer = this.#group('Balancer', 'the load balancer');
    this.web = this.#group('Web', 'tasks that answer requests');
    this.worker = this.#group('Worker', 'tasks that do jobs');
    this.migration = this.#group('Migration', 'the task that migrates');
    this.database = this.#group('Database', 'PostgreSQL');
    this.cache = this.#group('Cache', 'Valkey');
    this.#allow();
  }

  #group(id: string, description: string): SecurityGroup {
    return new SecurityGroup(this, id, { vpc: this.vpc, description, allowAllOutbound: false });
  }

  #allow(): void {
    for (const port of [80, 443]) this.balancer.addIngressRule(Peer.anyIpv4(), Port.tcp(port), 'everybody');
    this.balancer.connections.allowTo(this.web, Port.tcp(PORTS.web), 'requests');
    for (const group of [this.web, this.worker, this.migration]) {
      group.connections.allowTo(this.database, Port.tcp(PORTS.database), 'SQL');
      // Images, secrets, logs and Stripe.
      group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'HTTPS');
    }
    for (const group of [this.web, this.worker]) group.connections.allowTo(this.cache, Port.tcp(PORTS.cache), 'the cache');
  }
}
