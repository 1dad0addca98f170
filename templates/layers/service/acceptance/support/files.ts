import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Feature } from './checklist.ts';
import { unreached, type Crash, type Leaf } from './judge.ts';
import { publishLimits } from './limits.ts';
import { PROJECT } from './processes.ts';
import { runTestFile, type TestResult } from './test-file.ts';
import { printable, printableLine } from './text.ts';

export const DEFAULT_FILE_LIMIT_S = 600;
const AT_ONCE = 2;
const LEAF = /^(?<evidence>[a-z0-9-]+\.[a-z0-9-]+): /;
const ACCEPTANCE = path.join(PROJECT, 'acceptance');

export interface Ran {
  readonly leaves: readonly Leaf[];
  readonly crashes: readonly Crash[];
}

export interface Orders {
  /** Whether every test runs, or only those of the features. */
  readonly all: boolean;
  readonly limitS: number | undefined;
  readonly stopped: AbortSignal;
  report(line: Leaf | (Crash & { readonly outcome: 'crashed' })): void;
  warn(text: string): void;
}

/** Runs the test files, and tells each leaf as it comes: a run that is cut short tells what it knows. */
export async function runFiles(features: readonly Feature[], orders: Orders): Promise<Ran> {
  const limits = features.flatMap(({ evidence }) => evidence.flatMap(({ id, limitS }) => (limitS ? [[id, limitS] as const] : [])));
  publishLimits(Object.fromEntries(limits));
  const limitS = orders.limitS ?? DEFAULT_FILE_LIMIT_S + Math.max(0, ...limits.map(([, seconds]) => seconds));
  const pattern = orders.all ? {} : { pattern: patternOf(features) };
  const leaves: Leaf[] = [];
  const crashes: Crash[] = [];
  const record = (leaf: Leaf) => {
    leaves.push(leaf);
    orders.report(leaf);
  };
  const crash = (file: string, message: string) => {
    crashes.push({ file, message });
    orders.report({ file, outcome: 'crashed', message });
  };
  const files = await testFiles();
  await atOnce(files, async (file) => {
    const seen = new Set<string>();
    const tell = (result: TestResult) => {
      const leaf = leafOf(result);
      if (leaf) record(leaf);
      else if (result.outcome === 'failed') orders.warn(`${nameOf(file, result)}: ${result.message ?? 'failed'}`);
      if (leaf) seen.add(leaf.evidence);
    };
    const why = await runTestFile(path.join(PROJECT, file), { ...pattern, limitS, stopped: orders.stopped, tell });
    if (why === undefined) return;
    crash(file, why);
    for (const leaf of unreached(file, seen)) record(leaf);
  });
  for (const file of missingFiles(features, files, leaves)) crash(file, 'there is no such file, and no other has a test of this feature');
  return { leaves, crashes };
}

/** The test files of the suite but for those of its support, relative to the project. */
async function testFiles(): Promise<readonly string[]> {
  const entries = await readdir(ACCEPTANCE, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith('.test.ts')).map((entry) => path.join(entry.parentPath, entry.name));
  return files
    .filter((file) => !file.startsWith(path.join(ACCEPTANCE, 'support') + path.sep))
    .map((file) => path.relative(PROJECT, file).replaceAll(path.sep, '/'))
    .toSorted();
}

// As node:test sees it, the name of a test begins with the names of the suites around it.
const patternOf = (features: readonly Feature[]): string =>
  `(?:^| )(?:${features.flatMap(({ evidence }) => evidence.map(({ id }) => id.replaceAll('.', String.raw`\.`))).join('|')}): `;

function leafOf({ name, outcome, ms, message }: TestResult): Leaf | undefined {
  const evidence = LEAF.exec(name)?.groups?.['evidence'];
  return evidence ? { evidence, name: printableLine(name), outcome, ms, ...(message && { message: printable(message) }) } : undefined;
}

// A file whose clean-up fails is told as a test with the file's own name.
const nameOf = (file: string, { name }: TestResult): string => (path.isAbsolute(name) ? file : `${file}: ${printableLine(name)}`);

function missingFiles(features: readonly Feature[], files: readonly string[], leaves: readonly Leaf[]): readonly string[] {
  const without = features.filter(({ evidence }) => !leaves.some((leaf) => evidence.some(({ id }) => id === leaf.evidence)));
  return without.map(({ file }) => path.relative(PROJECT, file).replaceAll(path.sep, '/')).filter((file) => !files.includes(file));
}

async function atOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
