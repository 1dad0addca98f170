import { Annotations, Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { FargateService, Secret as TaskSecret, type FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancer, ApplicationProtocol, ApplicationTargetGroup, SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { PORTS } from './network.ts';
import { output } from './output.ts';
import type { PlatformStack } from './platform-stack.ts';
import type { Settings } from './settings.ts';
import { defineTask, type Work } from './task.ts';

const FEWEST = 2;
const MOST = 6;

/** The load balancer, the tasks that answer requests, and those that do jobs. */
export class ServiceStack extends Stack {
  readonly #platform: PlatformStack;
  readonly #settings: Settings;

  constructor(scope: Construct, id: string, platform: PlatformStack, settings: Settings) {
    super(scope, id, { description: 'Load balancer, web and worker' });
    this.#platform = platform;
    this.#settings = settings;
    const work = this.#work();
    const web = this.#run('Web', { ...work, environment: { ...work.environment, ROLE: 'web', PORT: String(PORTS.web), TRUSTED_PROXIES: '1' }, port: PORTS.web });
    this.#run('Worker', { ...work, environment: { ...work.environment, ROLE: 'worker' } });
    this.#scale(web, this.#publish(web));
  }

  #work(): Work {
    const { work } = this.#platform;
    const { stripe } = this.#settings;
    if (!stripe) {
      Annotations.of(this).addWarningV2('shop:stripe', 'There is no secret of Stripe (context `stripe`), so with payments built the service will not start.');
      return work;
    }
    const keys = Secret.fromSecretCompleteArn(this, 'Stripe', stripe);
    return {
      ...work,
      secrets: {
        ...work.secrets,
        STRIPE_SECRET_KEY: TaskSecret.fromSecretsManager(keys, 'secretKey'),
        STRIPE_WEBHOOK_SECRET: TaskSecret.fromSecretsManager(keys, 'webhookSecret'),
      },
    };
  }

  #run(id: 'Web' | 'Worker', work: Work): FargateService {
    const { cluster, network } = this.#platform;
    const taskDefinition: FargateTaskDefinition = defineTask(this, `${id}Task`, work);
    return new FargateService(this, id, {
      cluster,
      taskDefinition,
      securityGroups: [id === 'Web' ? network.web : network.worker],
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      assignPublicIp: false,
      // New tasks come before old ones go; where they do not get ready, the old ones stay.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      ...(id === 'Web' ? { healthCheckGracePeriod: Duration.seconds(60) } : { desiredCount: 1 }),
    });
  }

  #publish(web: FargateService): ApplicationTargetGroup {
    const { vpc, balancer } = this.#platform.network;
    const loadBalancer = new ApplicationLoadBalancer(this, 'Balancer', { vpc, internetFacing: true, securityGroup: balancer, dropInvalidHeaderFields: true });
    const targets = new ApplicationTargetGroup(this, 'Targets', {
      vpc,
      protocol: ApplicationProtocol.HTTP,
      port: PORTS.web,
      targets: [web],
      deregistrationDelay: Duration.seconds(30),
      // Slow to give up: a task that only waits for the database is not to be replaced.
      healthCheck: { path: '/health/ready', interval: Duration.seconds(15), timeout: Duration.seconds(5), healthyThresholdCount: 2, unhealthyThresholdCount: 10 },
    });
    const { certificate } = this.#settings;
    if (certificate) this.#listenSecurely(loadBalancer, targets, certificate);
    else this.#listenInTheClear(loadBalancer, targets);
    return targets;
  }

  #listenSecurely(loadBalancer: ApplicationLoadBalancer, targets: ApplicationTargetGroup, arn: string): void {
    loadBalancer.addListener('Https', {
      port: 443,
      open: false,
      certificates: [Certificate.fromCertificateArn(this, 'Certificate', arn)],
      sslPolicy: SslPolicy.RECOMMENDED_TLS,
      defaultTargetGroups: [targets],
    });
    loadBalancer.addRedirect({ open: false });
    output(this, 'Address', `https://${loadBalancer.loadBalancerDnsName}`, 'Let the name of the certificate point here');
  }

  #listenInTheClear(loadBalancer: ApplicationLoadBalancer, targets: ApplicationTargetGroup): void {
    loadBalancer.addListener('Http', { port: 80, open: false, defaultTargetGroups: [targets] });
    const warning = 'PLAIN HTTP: there is no certificate (context `certificate`), so passwords and tokens can be read on their way. For a trial only.';
    Annotations.of(this).addWarningV2('shop:http', warning);
    output(this, 'Address', `http://${loadBalancer.loadBalancerDnsName}`, warning);
  }

  #scale(web: FargateService, targets: ApplicationTargetGroup): void {
    const scaling = web.autoScaleTaskCount({ minCapacity: FEWEST, maxCapacity: MOST });
    scaling.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60 });
    scaling.scaleOnRequestCount('Requests', { requestsPerTarget: 3000, targetGroup: targets });
  }
}
