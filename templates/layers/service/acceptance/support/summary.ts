import type { Verdict } from './judge.ts';
import { passed, renderSummary, type Failure } from './report.ts';

// GitHub refuses a summary over 1 MiB; nobody reads one a tenth of it.
const LONGEST = 60_000;

/** The page that CI shows beside its log. What a project printed stands in fenced blocks alone. */
export function renderMarkdown(verdicts: readonly Verdict[], failures: readonly Failure[]): string {
  const rows = verdicts.map(({ evidence, outcome, leaves, ms, free }) =>
    `| \`${evidence}\` | ${free ? `${outcome}, ${free}` : outcome} | ${passed(leaves)} | ${Math.round(ms)} ms |`);
  const page = [
    '## Acceptance', '', `${renderSummary(verdicts)}.`, '',
    '| evidence | outcome | leaves | time |', '|---|---|---:|---:|', ...rows, '',
  ].join('\n');
  return `\n${page}${blocks(failures, LONGEST - page.length)}`;
}

function blocks(failures: readonly Failure[], room: number): string {
  const shown: string[] = [];
  let left = room;
  for (const [index, failure] of failures.entries()) {
    const block = fence(failure.reason ? `${failure.title}\n\n${failure.reason}` : failure.title);
    left -= block.length;
    if (left < 0) return [...shown, `\nAnd ${failures.length - index} more; the log has them all.\n`].join('');
    shown.push(block);
  }
  return shown.join('');
}

// Longer than any run of backticks in the text, so that nothing in it ends the block.
function fence(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const marks = '`'.repeat(longest + 1);
  return `\n${marks}text\n${text}\n${marks}\n`;
}
