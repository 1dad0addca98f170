import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { PROJECT, runCommand, settings, type Finished } from '../support/processes.ts';

const PATIENCE_MS = 300_000;
/** What nobody can know but the owner of an account. */
const CONTEXT = {
  certificate: 'arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-4000-8000-000000000000',
  stripe: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:stripe-AbCdEf',
};

type Properties = Readonly<Record<string, unknown>>;
export type Resources = readonly { readonly Type: string; readonly Properties?: Properties }[];

export interface Container {
  readonly Command?: readonly string[];
  readonly Environment?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Secrets?: readonly { readonly Name: string }[];
  readonly StopTimeout?: number;
}

export const resourcesOf = (resources: Resources, type: string): readonly Properties[] =>
  resources.filter(({ Type }) => Type === type).map(({ Properties = {} }) => Properties);

let copy: Promise<string> | undefined;
let synthesised: Promise<Resources> | undefined;

after(async () => {
  const folder = await copy?.catch(() => undefined);
  if (folder) await rm(path.dirname(folder), { recursive: true, force: true });
});

export const testInfra = async (): Promise<Finished> => run(await copied(), ['test']);

/** Everything that `npm run synth` in infra/ puts into its templates. */
export function synthesise(): Promise<Resources> {
  synthesised ??= readTemplates();
  return synthesised;
}

async function readTemplates(): Promise<Resources> {
  const folder = await copied();
  const { code, output } = await run(folder, ['run', 'synth'], { CDK_CONTEXT_JSON: JSON.stringify(CONTEXT) });
  assert.equal(code, 0, output);
  const names = (await readdir(path.join(folder, 'cdk.out'))).filter((name) => name.endsWith('.template.json'));
  const templates = await Promise.all(names.map((name) => readFile(path.join(folder, 'cdk.out', name), 'utf8')));
  return templates.flatMap((text) => Object.values((JSON.parse(text) as { readonly Resources: Readonly<Record<string, Resources[number]>> }).Resources));
}

function copied(): Promise<string> {
  copy ??= copyProject();
  return copy;
}

/** A copy of the project in which infra/ has its locked packages, whatever lies in the project itself. */
async function copyProject(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'infra-'));
  const folder = path.join(root, 'infra');
  const left = new Set(['node_modules', 'cdk.out', 'dist', '.git', '.data', '.env']);
  await cp(PROJECT, root, { recursive: true, filter: (source) => !left.has(path.basename(source)) });
  const { code, output } = await run(folder, ['ci', '--ignore-scripts', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund']);
  if (code === 0) return folder;
  await rm(root, { recursive: true, force: true });
  throw new Error(`npm ci in infra ended with ${code}: ${output}`);
}

const run = (folder: string, command: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
  runCommand(['npm', ...command], { ...settings(), ...variables }, { folder, withinMs: PATIENCE_MS });
