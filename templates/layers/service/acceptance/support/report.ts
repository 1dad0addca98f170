import type { Crash, Leaf, Outcome, Verdict } from './judge.ts';
import { printable, printableLine } from './text.ts';

const COLORS: Readonly<Record<Outcome, number>> = Object.freeze({ proven: 32, failed: 31, error: 33 });
const MESSAGE_LINES = 16;

/** Something that went wrong, in text that is safe to show. */
export interface Failure {
  readonly title: string;
  readonly reason: string;
}

export function renderTable(verdicts: readonly Verdict[], color: boolean): string {
  const width = Math.max(8, ...verdicts.map(({ evidence }) => evidence.length));
  const head = `${'evidence'.padEnd(width)}  outcome  leaves     time`;
  const lines = verdicts.map(({ evidence, outcome, leaves, ms, free }) => {
    const word = color ? `\u001B[${COLORS[outcome]}m${outcome.padEnd(7)}\u001B[0m` : outcome.padEnd(7);
    const time = `${Math.round(ms).toString().padStart(5)} ms`;
    return `${evidence.padEnd(width)}  ${word}  ${passed(leaves).padStart(6)}  ${time}${free ? `  ${free}` : ''}`;
  });
  return [head, ...lines].join('\n');
}

/** How many of the leaves passed. */
export const passed = (leaves: readonly Leaf[]): string => `${leaves.filter(({ outcome }) => outcome === 'passed').length}/${leaves.length}`;

/** What failed and why. A reason that many leaves share is told once. */
export function failuresOf(verdicts: readonly Verdict[], crashes: readonly Crash[]): readonly Failure[] {
  const names = new Map<string, string[]>();
  for (const leaf of verdicts.flatMap(({ leaves }) => leaves)) {
    if (leaf.outcome === 'passed') continue;
    const reason = printable(leaf.message ?? 'no reason given');
    names.set(reason, [...(names.get(reason) ?? []), printableLine(leaf.name)]);
  }
  const failed = [...names].map(([reason, [first = '', ...more]]) => ({
    title: more.length > 0 ? `${first} (and ${more.length} more)` : first,
    reason,
  }));
  const crashed = crashes.map(({ file, message }) => ({ title: printableLine(file), reason: printable(message) }));
  const unrun = verdicts.filter(({ leaves }) => leaves.length === 0).map(({ evidence }) => ({ title: `${evidence}: no test ran`, reason: '' }));
  return [...failed, ...crashed, ...unrun];
}

export function renderFailures(failures: readonly Failure[]): string {
  return failures.map(({ title, reason }) => (reason ? `${title}\n${indent(reason)}` : title)).join('\n\n');
}

export function renderSummary(verdicts: readonly Verdict[]): string {
  const count = (wanted: Outcome) => verdicts.filter(({ outcome }) => outcome === wanted).length;
  return `${count('proven')} proven, ${count('failed')} failed, ${count('error')} could not be judged`;
}

function indent(reason: string): string {
  const lines = reason.split('\n');
  const shown = lines.length > MESSAGE_LINES ? [...lines.slice(0, MESSAGE_LINES), `... ${lines.length - MESSAGE_LINES} more lines`] : lines;
  return shown.map((line) => `    ${line}`).join('\n');
}
