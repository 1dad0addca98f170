import type { Feature } from './checklist.ts';

/** A leaf test that really ran, or says why it did not. */
export interface Leaf {
  readonly evidence: string;
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly ms: number;
  readonly message?: string;
}

/** A test file that is missing, or did not come to its end. */
export interface Crash {
  readonly file: string;
  readonly message: string;
}

export type Outcome = 'proven' | 'failed' | 'error';

export interface Verdict {
  readonly feature: string;
  readonly evidence: string;
  readonly outcome: Outcome;
  /** Why it does not count, whatever its outcome. */
  readonly free?: 'stretch' | 'waived';
  readonly leaves: readonly Leaf[];
  readonly ms: number;
}

/**
 * Matches what the checklist declares with what really ran. Exit codes say nothing: a test
 * file that is empty, filtered away or left by process.exit(0) looks like a success.
 */
export function judge(features: readonly Feature[], leaves: readonly Leaf[]): readonly Verdict[] {
  return features.flatMap(({ id, level, waived, evidence }) =>
    evidence.map((piece) => {
      const own = leaves.filter((leaf) => leaf.evidence === piece.id);
      const ms = own.reduce((sum, leaf) => sum + leaf.ms, 0);
      const stretch = level === 'stretch' || piece.level === 'stretch';
      const free = waived ? 'waived' as const : stretch ? 'stretch' as const : undefined;
      return { feature: id, evidence: piece.id, outcome: outcomeOf(own), leaves: own, ms, ...(free && { free }) };
    }),
  );
}

function outcomeOf(leaves: readonly Leaf[]): Outcome {
  if (leaves.some(({ outcome }) => outcome === 'failed')) return 'failed';
  if (leaves.length === 0 || leaves.some(({ outcome }) => outcome === 'skipped')) return 'error';
  return 'proven';
}

/**
 * The leaves that a file did not come to. How many there would have been nobody knows, so that
 * no evidence is proven by those of its leaves that happened to run before.
 */
export function unreached(file: string, evidence: Iterable<string>): readonly Leaf[] {
  const message = `${file} did not come to its end`;
  return [...new Set(evidence)].map((id) => ({ evidence: id, name: `${id}: the rest of ${file}`, outcome: 'skipped', ms: 0, message }));
}

/** The evidence that fails although it must hold. */
export function broken(verdicts: readonly Verdict[], mustHold: (feature: string) => boolean): readonly string[] {
  return verdicts.filter(({ feature, outcome, free }) => outcome === 'failed' && !free && mustHold(feature)).map(({ evidence }) => evidence);
}

/** 1 when something that must hold does not, 4 when something could not be judged, else 0. */
export function exitCode(verdicts: readonly Verdict[], mustHold: (feature: string) => boolean): 0 | 1 | 4 {
  if (broken(verdicts, mustHold).length > 0) return 1;
  return verdicts.some(({ outcome, free }) => outcome === 'error' && !free) ? 4 : 0;
}
