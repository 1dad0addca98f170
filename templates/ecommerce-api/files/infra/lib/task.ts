import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AwsLogDriverMode,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
  type Secret,
} from 'aws-cdk-lib/aws-ecs';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ROOT } from './project.ts';

export interface Work {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  /** What runs in the place of the image's own command. */
  readonly command?: readonly string[];
  readonly port?: number;
}

/** A task that runs the image of this project, with no more than it needs. */
export function defineTask(scope: Construct, id: string, { environment, secrets, command, port }: Work): FargateTaskDefinition {
  const task = new FargateTaskDefinition(scope, id, {
    cpu: 256,
    memoryLimitMiB: 512,
    runtimePlatform: { cpuArchitecture: CpuArchitecture.X86_64, operatingSystemFamily: OperatingSystemFamily.LINUX },
  });
  const logGroup = new LogGroup(task, 'Log', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
  task.addContainer('main', {
    image: ContainerImage.fromAsset(ROOT, { platform: Platform.LINUX_AMD64 }),
    environment: { NODE_ENV: 'production', ...environment },
    secrets,
    ...(command && { command: [...command] }),
    ...(port && { portMappings: [{ containerPort: port }] }),
    readonlyRootFilesystem: true,
    // The service takes half a minute at most to drain, and is killed only long after that.
    stopTimeout: Duration.seconds(60),
    logging: LogDrivers.awsLogs({ logGroup, streamPrefix: 'task', mode: AwsLogDriverMode.NON_BLOCKING }),
  });
  return task;
}
