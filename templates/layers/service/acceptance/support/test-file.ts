import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { collect, guard, killGroup } from './groups.ts';
import type { Leaf } from './judge.ts';
import { PROJECT } from './processes.ts';
import { printable, shorten } from './text.ts';

const REPORTER = pathToFileURL(path.join(import.meta.dirname, 'reporter.ts')).href;
const LONGEST_OUTPUT = 3000;
const LEFT_OPEN = ': its tests were over, but something that they left open (a timer, a connection?) kept it alive';

export type TestResult = Omit<Leaf, 'evidence'>;

/** What a test file tells: the result of a test, that none is left for now, or that it is at its end. */
export type Told = TestResult | 'idle' | 'end';

export interface Running {
  readonly limitS: number;
  /** Runs only the tests with such a name. */
  readonly pattern?: string;
  /** Ends the run; its reason is a sentence for people. */
  readonly stopped: AbortSignal;
  tell(result: TestResult): void;
}

/**
 * Runs a test file in a process group of its own, which ends with everything in it when the time
 * is up: a loop that never yields blocks the timers of node:test. Returns why the file did not
 * come to its end, if it did not; an exit code of 0 alone says nothing.
 */
export async function runTestFile(file: string, { limitS, pattern, stopped, tell }: Running): Promise<string | undefined> {
  if (stopped.aborted) return `it was not started, because ${String(stopped.reason)}`;
  const child = start(file, pattern);
  const release = guard(child);
  const output = collect(child);
  let last: Told | undefined;
  let killed: string | undefined;
  const kill = (why: string) => {
    killed ??= why;
    killGroup(child);
  };
  const timer = setTimeout(() => kill(`it was still running after ${limitS} s, the time limit of a file, and was ended${last === 'idle' ? LEFT_OPEN : ''}`), limitS * 1000);
  const interrupt = () => kill(`it was ended, because ${String(stopped.reason)}`);
  stopped.addEventListener('abort', interrupt, { once: true });
  listen(child, (told) => {
    last = told;
    if (typeof told === 'object') tell(told);
  });
  const code = await ending(child);
  clearTimeout(timer);
  stopped.removeEventListener('abort', interrupt);
  // Whatever it left behind in its group.
  killGroup(child);
  release();
  // 1: a test failed, which is no surprise. SIGKILL: its tests were over, and something was not.
  if (last === 'end' && [0, 1, 'SIGKILL'].includes(code)) return undefined;
  const printed = shorten(printable(output.join('')).trim(), LONGEST_OUTPUT);
  return [killed ?? `it ended with ${code} before its tests did`, printed].filter(Boolean).join('\n');
}

function start(file: string, pattern?: string): ChildProcess {
  const options = ['--test-reporter', REPORTER, ...(pattern ? ['--test-name-pattern', pattern] : [])];
  const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
  return spawn(process.execPath, [...options, file], { cwd: PROJECT, env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
}

function listen(child: ChildProcess, hear: (told: Told) => void): void {
  const channel = child.stdio[3] as Readable | null | undefined;
  if (!channel) return;
  channel.on('error', () => {});
  createInterface({ input: channel }).on('line', (line) => {
    const told = parsed(line);
    if (told) hear(told);
  });
}

function parsed(line: string): Told | undefined {
  try {
    return JSON.parse(line) as Told;
  } catch {
    // The process was killed as it wrote this.
    return undefined;
  }
}

/** Its exit code, or how else it ended; once all that it wrote was read. */
async function ending(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(String(error)));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'nothing'));
    // A process that it started may hold its pipes open.
    child.once('exit', () => setTimeout(() => child.stdio.forEach((stream) => stream?.destroy()), 2000).unref());
  });
}
