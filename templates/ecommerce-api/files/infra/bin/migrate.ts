import { execFileSync } from 'node:child_process';
import { platformName } from '../lib/project.ts';

// Runs the task that migrates, waits until it has ended, and ends as it did.

interface Task {
  readonly taskArn: string;
  readonly stoppedReason?: string;
  readonly containers: readonly { readonly exitCode?: number; readonly reason?: string }[];
}

interface Started {
  readonly tasks: readonly Task[];
  readonly failures: readonly { readonly reason: string }[];
}

interface Output {
  readonly OutputKey: string;
  readonly OutputValue: string;
}

function aws<Answer>(command: readonly string[], options: Readonly<Record<string, string>>): Answer {
  const words = Object.entries({ ...options, output: 'json' }).flatMap(([name, value]) => [`--${name}`, value]);
  const text = execFileSync('aws', [...command, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(text || 'null') as Answer;
}

function readOutputs(): (name: string) => string {
  const query = { 'stack-name': platformName(), query: 'Stacks[0].Outputs' };
  const outputs = aws<readonly Output[]>(['cloudformation', 'describe-stacks'], query);
  const values = new Map(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  return (name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`${platformName()} tells no ${name}; deploy it first`);
    return value;
  };
}

function start(cluster: string, output: (name: string) => string): string {
  const { tasks, failures } = aws<Started>(['ecs', 'run-task'], {
    cluster,
    'task-definition': output('MigrationTask'),
    'launch-type': 'FARGATE',
    'network-configuration': `awsvpcConfiguration={subnets=[${output('MigrationSubnets')}],securityGroups=[${output('MigrationGroup')}],assignPublicIp=DISABLED}`,
  });
  const [task] = tasks;
  if (!task) throw new Error(`the task was not started: ${failures.map(({ reason }) => reason).join(', ')}`);
  return task.taskArn;
}

const output = readOutputs();
const cluster = output('ClusterName');
const arn = start(cluster, output);
process.stdout.write(`started ${arn}\n`);
aws(['ecs', 'wait', 'tasks-stopped'], { cluster, tasks: arn });
const { tasks } = aws<Started>(['ecs', 'describe-tasks'], { cluster, tasks: arn });
const [container] = tasks.flatMap(({ containers }) => containers);
if (container?.exitCode === 0) process.stdout.write('migrated\n');
else {
  const why = [container?.exitCode, container?.reason, tasks[0]?.stoppedReason].filter((part) => part !== undefined).join(', ');
  process.stderr.write(`the migration failed: ${why}. Its log is in the group that begins with ${platformName()}-MigrationLog.\n`);
  process.exitCode = 1;
}
