import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { CannotRun } from './errors.ts';
import { PROJECT } from './processes.ts';

/** A feature as far as this suite judges it: by evidence of the kind `test`. */
export interface Feature {
  readonly id: string;
  readonly stretch: boolean;
  readonly file: string;
  readonly evidence: readonly string[];
}

interface Checklist {
  readonly features: readonly {
    readonly id: string;
    readonly level?: string;
    readonly evidence?: readonly { readonly id: string; readonly kind: string }[];
  }[];
}

interface Results {
  readonly features?: Readonly<Record<string, { readonly outcome?: string; readonly flags?: readonly string[] }>>;
}

const RECORDS = path.join(PROJECT, '.scaffolder');

export async function readFeatures(only: readonly string[]): Promise<readonly Feature[]> {
  const { features } = parse(await readRecord('checklist.yml')) as Checklist;
  const known = features.map(({ id, level, evidence = [] }) => ({
    id,
    stretch: level === 'stretch',
    file: path.join(PROJECT, 'acceptance', `${id}.test.ts`),
    evidence: evidence.filter(({ kind }) => kind === 'test').map((item) => item.id),
  }));
  const unknown = only.find((id) => !known.some((feature) => feature.id === id));
  if (unknown) throw new CannotRun(2, `no feature is called ${unknown}; there are ${known.map(({ id }) => id).join(', ')}`);
  return known.filter(({ id, evidence }) => evidence.length > 0 && (only.length === 0 || only.includes(id)));
}

/** The features that were proven once: these must never fail again. */
export async function readProven(): Promise<ReadonlySet<string>> {
  const { features = {} } = JSON.parse(await readRecord('results.json')) as Results;
  const proven = Object.entries(features).filter(([, { outcome, flags }]) => outcome === 'proven' || flags?.includes('regressed'));
  return new Set(proven.map(([id]) => id));
}

async function readRecord(name: string): Promise<string> {
  const file = path.join(RECORDS, name);
  if (!existsSync(file)) throw new CannotRun(3, `.scaffolder/${name} is missing`);
  return readFile(file, 'utf8');
}
