import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { platformName } from '../lib/project.ts';
import { complete } from './synthesised.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'aws-'));
after(() => rmSync(folder, { recursive: true }));

// In the place of the AWS CLI: answers as it does, and keeps what it was asked.
const AWS = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const asked = process.argv.slice(2);
appendFileSync(process.env.ASKED, JSON.stringify(asked) + '\\n');
const answers = JSON.parse(process.env.ANSWERS);
process.stdout.write(JSON.stringify(answers[asked[1]] ?? '') + '\\n');
`;

const NAMES = ['ClusterName', 'MigrationTask', 'MigrationSubnets', 'MigrationGroup'];
const OUTPUTS = NAMES.map((OutputKey) => ({ OutputKey, OutputValue: `the-${OutputKey}` }));
const STARTED = { tasks: [{ taskArn: 'arn:task' }], failures: [] };
const ended = (container: object) => ({ tasks: [{ taskArn: 'arn:task', stoppedReason: 'Essential container exited', containers: [container] }] });

function migrate(answers: Readonly<Record<string, unknown>>) {
  const program = path.join(folder, 'aws');
  const asked = path.join(folder, 'asked');
  writeFileSync(program, AWS);
  chmodSync(program, 0o755);
  writeFileSync(asked, '');
  const { status, stderr } = spawnSync(process.execPath, [path.join(import.meta.dirname, '..', 'bin', 'migrate.ts')], {
    encoding: 'utf8',
    env: { PATH: folder, ASKED: asked, ANSWERS: JSON.stringify({ 'describe-stacks': OUTPUTS, 'run-task': STARTED, ...answers }) },
  });
  const commands = readFileSync(asked, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as readonly string[]);
  return { status, stderr, commands };
}

test('the stack tells what the migration needs', () => {
  for (const name of NAMES) assert.equal(Object.keys(complete().platform.findOutputs(name)).length, 1, name);
});

test('a migration is run, waited for, and its end is told', () => {
  const { status, stderr, commands } = migrate({ 'describe-tasks': ended({ exitCode: 0 }) });
  assert.equal(status, 0, stderr);
  assert.deepEqual(commands.map(([, verb]) => verb), ['describe-stacks', 'run-task', 'wait', 'describe-tasks']);
  assert.ok(commands[0]?.includes(platformName()));
  const [, run] = commands;
  assert.ok(run?.includes('the-MigrationTask'));
  assert.ok(run?.includes('awsvpcConfiguration={subnets=[the-MigrationSubnets],securityGroups=[the-MigrationGroup],assignPublicIp=DISABLED}'));
});

test('a migration that failed, or was never started, ends with something other than 0', () => {
  const failed = migrate({ 'describe-tasks': ended({ exitCode: 1 }) });
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /failed: 1/);
  const pulled = migrate({ 'describe-tasks': ended({ reason: 'CannotPullContainerError' }) });
  assert.equal(pulled.status, 1);
  assert.match(pulled.stderr, /CannotPullContainerError/);
  const refused = migrate({ 'run-task': { tasks: [], failures: [{ reason: 'RESOURCE:FARGATE' }] } });
  assert.notEqual(refused.status, 0);
  assert.match(refused.stderr, /RESOURCE:FARGATE/);
  const early = migrate({ 'describe-stacks': [] });
  assert.notEqual(early.status, 0);
  assert.match(early.stderr, /deploy it first/);
});
