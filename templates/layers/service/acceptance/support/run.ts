import { appendFileSync, writeFileSync } from 'node:fs';
import { inspect, parseArgs } from 'node:util';
import { buildProject } from './build.ts';
import { readFeatures, readProven } from './checklist.ts';
import { dropLeftovers, newRun, onServer } from './database.ts';
import { CannotRun } from './errors.ts';
import { broken, exitCode, judge } from './judge.ts';
import { DEFAULT_FILE_LIMIT_S, runFiles } from './files.ts';
import { newSeed } from './random.ts';
import { failuresOf, renderFailures, renderSummary, renderTable } from './report.ts';
import { renderMarkdown } from './summary.ts';
import { requireServices } from './services.ts';
import { printable, printableLine } from './text.ts';

const RUN_LIMIT_S = 15 * 60;
const USAGE = `npm run acceptance -- [options]

  --all               everything that is not stretch must hold, not only what was proven before
  --feature ID        judge this feature alone (may be given more than once)
  --seed SEED         repeat the random data of an earlier run
  --report FILE       write each leaf as a line of JSON
  --summary FILE      append a page in Markdown; unless told otherwise to GITHUB_STEP_SUMMARY
  --file-limit SECS   end a test file that runs longer; ${DEFAULT_FILE_LIMIT_S} and its longest timeout_s, unless told otherwise
  --allow-remote      the database server may be another machine`;

const options = readOptions();

async function main(): Promise<number> {
  if (options.help) return say(USAGE, 0);
  process.env['ACCEPTANCE_RUN'] = newRun();
  process.env['ACCEPTANCE_SEED'] = options.seed;
  if (options['allow-remote']) process.env['ACCEPTANCE_ALLOW_REMOTE'] = '1';
  const features = await readFeatures(options.feature);
  const proven = await readProven();
  if (features.length === 0) return say('none of these features has a test to prove it', 0);
  const report = options.report ? output(options.report, 'w') : () => {};
  const summary = options.summary ? output(options.summary, 'a') : () => {};
  await requireServices();
  await requireServer();
  await buildProject();
  console.log(`seed ${printableLine(options.seed)}\n`);
  const { leaves, crashes } = await runFiles(features, {
    all: options.feature.length === 0,
    limitS: fileLimit(),
    stopped: AbortSignal.any([onTimeUp(), onStopSignal()]),
    report: (line) => report(`${JSON.stringify(line)}\n`),
    warn: (text) => console.error(`${printable(text)}\n`),
  }).finally(tidyUp);
  const verdicts = judge(features, leaves);
  const failures = failuresOf(verdicts, crashes);
  console.log(renderTable(verdicts, process.stdout.isTTY && !process.env['NO_COLOR']));
  if (failures.length > 0) console.log(`\n${renderFailures(failures)}`);
  summary(renderMarkdown(verdicts, failures));
  const regressed = broken(verdicts, (feature) => proven.has(feature));
  const why = regressed.length > 0 ? `\nwas proven before, and fails: ${regressed.join(', ')}` : '';
  return say(`\n${renderSummary(verdicts)}${why}`, exitCode(verdicts, (feature) => options.all || proven.has(feature)));
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        all: { type: 'boolean', default: false },
        feature: { type: 'string', multiple: true, default: [] },
        seed: { type: 'string', default: newSeed() },
        report: { type: 'string' },
        summary: { type: 'string', default: process.env['GITHUB_STEP_SUMMARY'] ?? '' },
        'file-limit': { type: 'string' },
        'allow-remote': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(printable(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`));
    process.exit(2);
  }
}

function fileLimit(): number | undefined {
  const text = options['file-limit'];
  if (text === undefined || /^[1-9]\d{0,4}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new CannotRun(2, `--file-limit ${text}: must be a whole number of seconds`);
}

/** Opens a file at once, so that no run is wasted on one that cannot be written. */
function output(file: string, flag: 'w' | 'a'): (text: string) => void {
  try {
    writeFileSync(file, '', { flag });
  } catch (error) {
    throw new CannotRun(4, `${file} cannot be written: ${String(error)}`, { cause: error });
  }
  return (text) => appendFileSync(file, text);
}

async function requireServer(): Promise<void> {
  try {
    await onServer((client) => client.query('select 1'));
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    throw new CannotRun(4, `no PostgreSQL answers at ACCEPTANCE_DATABASE_URL: ${String(error)}`, { cause: error });
  }
}

// What was found out counts, even if the server is gone by now.
async function tidyUp(): Promise<void> {
  await dropLeftovers().catch((error: unknown) => console.error(printable(`databases of this run may be left: ${String(error)}\n`)));
}

function onTimeUp(): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(`the run takes longer than ${RUN_LIMIT_S} s`), RUN_LIMIT_S * 1000).unref();
  return controller.signal;
}

function onStopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
    process.once(signal, () => {
      process.exitCode = code;
      controller.abort(`the run got ${signal}`);
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
  const known = error instanceof CannotRun;
  console.error(printable(known ? error.message : inspect(error)));
  process.exitCode = known ? error.exitCode : 70;
}
