import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { parseArgs } from 'node:util';
import { readFeatures, readProven, type Feature } from './checklist.ts';
import { dropLeftovers, newRun, onServer } from './database.ts';
import { CannotRun } from './errors.ts';
import { exitCode, judge, type Leaf } from './judge.ts';
import { PROJECT } from './processes.ts';
import { newSeed } from './random.ts';
import { renderFailures, renderSummary, renderTable } from './report.ts';

const LEAF = /^(?<evidence>[a-z0-9-]+\.[a-z0-9-]+): /;
const RUN_LIMIT_MS = 15 * 60_000;
const USAGE = `npm run acceptance -- [options]

  --all            everything must hold, not only what was proven before
  --feature ID     judge this feature alone (may be given more than once)
  --seed SEED      repeat the random data of an earlier run
  --report FILE    write each leaf as a line of JSON
  --allow-remote   the database server may be another machine`;

const options = readOptions();

async function main(): Promise<number> {
  if (options.help) return say(USAGE, 0);
  process.env['ACCEPTANCE_RUN'] = newRun();
  process.env['ACCEPTANCE_SEED'] = options.seed;
  if (options['allow-remote']) process.env['ACCEPTANCE_ALLOW_REMOTE'] = '1';
  const features = await readFeatures(options.feature);
  const proven = await readProven();
  await requireServer();
  console.log(`seed ${options.seed}\n`);
  const leaves = await runFiles(features).finally(dropLeftovers);
  const verdicts = judge(features, leaves);
  const failures = renderFailures(verdicts);
  console.log(renderTable(verdicts, process.stdout.isTTY && !process.env['NO_COLOR']));
  if (failures) console.log(`\n${failures}`);
  const code = exitCode(verdicts, (feature) => options.all || proven.has(feature));
  return say(`\n${renderSummary(verdicts)}`, code);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        all: { type: 'boolean', default: false },
        feature: { type: 'string', multiple: true, default: [] },
        seed: { type: 'string', default: newSeed() },
        report: { type: 'string' },
        'allow-remote': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function runFiles(features: readonly Feature[]): Promise<readonly Leaf[]> {
  const files = features.map(({ file }) => file).filter((file) => existsSync(file));
  const stopped = AbortSignal.any([AbortSignal.timeout(RUN_LIMIT_MS), onStopSignal()]);
  const leaves: Leaf[] = [];
  const record = recorder(leaves);
  const events = run({ files, cwd: PROJECT, concurrency: 2, signal: stopped });
  events.on('test:pass', (event) => record(event, event.skip !== undefined || event.todo !== undefined ? 'skipped' : 'passed'));
  events.on('test:fail', (event) => record(event, 'failed'));
  events.resume();
  await new Promise((resolve) => void events.once('close', resolve).once('end', resolve));
  return leaves;
}

interface TestEvent {
  readonly name: string;
  readonly skip?: string | boolean;
  readonly details: { readonly duration_ms: number; readonly error?: Error };
}

// The report is written leaf by leaf, so that a run that is cut short still tells what it knows.
function recorder(leaves: Leaf[]): (event: TestEvent, outcome: Leaf['outcome']) => void {
  const { report } = options;
  if (report) writeFileSync(report, '');
  return ({ name, skip, details }, outcome) => {
    const evidence = LEAF.exec(name)?.groups?.['evidence'];
    if (!evidence) {
      if (outcome === 'failed') console.error(`${path.relative(PROJECT, name)}: ${reasonOf(details.error)}\n`);
      return;
    }
    const message = outcome === 'failed' ? reasonOf(details.error) : typeof skip === 'string' ? skip : undefined;
    const leaf: Leaf = { evidence, name, outcome, ms: details.duration_ms, ...(message && { message }) };
    leaves.push(leaf);
    if (report) appendFileSync(report, `${JSON.stringify(leaf)}\n`);
  };
}

function reasonOf(error: Error | undefined): string {
  const cause = error?.cause;
  return (cause instanceof Error ? cause.message : String(cause ?? error?.message ?? 'unknown')).trim();
}

async function requireServer(): Promise<void> {
  try {
    await onServer((client) => client.query('select 1'));
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    throw new CannotRun(4, `no PostgreSQL answers at ACCEPTANCE_DATABASE_URL: ${String(error)}`, { cause: error });
  }
}

function onStopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
    process.once(signal, () => {
      process.exitCode = code;
      controller.abort();
    });
  }
  return controller.signal;
}

function say(text: string, code: number): number {
  console.log(text);
  return code;
}

try {
  const code = await main();
  process.exitCode ??= code;
} catch (error) {
  if (!(error instanceof CannotRun)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
