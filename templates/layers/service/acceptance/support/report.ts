import { stripVTControlCharacters } from 'node:util';
import type { Outcome, Verdict } from './judge.ts';

const COLORS: Readonly<Record<Outcome, number>> = Object.freeze({ proven: 32, failed: 31, error: 33 });
const MESSAGE_LINES = 12;

export function renderTable(verdicts: readonly Verdict[], color: boolean): string {
  const width = Math.max(8, ...verdicts.map(({ evidence }) => evidence.length));
  const head = `${'evidence'.padEnd(width)}  outcome  leaves     time`;
  const lines = verdicts.map(({ evidence, outcome, leaves, ms }) => {
    const passed = leaves.filter((leaf) => leaf.outcome === 'passed').length;
    const word = color ? `\u001B[${COLORS[outcome]}m${outcome.padEnd(7)}\u001B[0m` : outcome.padEnd(7);
    return `${evidence.padEnd(width)}  ${word}  ${`${passed}/${leaves.length}`.padStart(6)}  ${Math.round(ms).toString().padStart(5)} ms`;
  });
  return [head, ...lines].join('\n');
}

/** What failed and why. A reason that many leaves share is told once. */
export function renderFailures(verdicts: readonly Verdict[]): string {
  const names = new Map<string, string[]>();
  for (const leaf of verdicts.flatMap(({ leaves }) => leaves)) {
    if (leaf.outcome === 'passed') continue;
    const reason = leaf.message ?? 'no reason given';
    names.set(reason, [...(names.get(reason) ?? []), leaf.name]);
  }
  const blocks = [...names].map(([reason, [first = '', ...more]]) => {
    const title = more.length > 0 ? `${first} (and ${more.length} more)` : first;
    return `${title}\n${indent(reason)}`;
  });
  const unrun = verdicts.filter(({ leaves }) => leaves.length === 0).map(({ evidence }) => `${evidence}: no test ran`);
  return [...blocks, ...unrun].join('\n\n');
}

export function renderSummary(verdicts: readonly Verdict[]): string {
  const count = (wanted: Outcome) => verdicts.filter(({ outcome }) => outcome === wanted).length;
  return `${count('proven')} proven, ${count('failed')} failed, ${count('error')} could not be judged`;
}

// What a project printed must not steer the terminal or the CI log that shows it.
function indent(message: string): string {
  const lines = stripVTControlCharacters(message).split('\n');
  const shown = lines.length > MESSAGE_LINES ? [...lines.slice(0, MESSAGE_LINES), `... ${lines.length - MESSAGE_LINES} more lines`] : lines;
  return shown.map((line) => `    ${line}`).join('\n');
}
