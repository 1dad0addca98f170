import type { Feature } from './checklist.ts';

/** A leaf test that really ran, or says why it did not. */
export interface Leaf {
  readonly evidence: string;
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly ms: number;
  readonly message?: string;
}

export type Outcome = 'proven' | 'failed' | 'error';

export interface Verdict {
  readonly feature: string;
  readonly evidence: string;
  readonly outcome: Outcome;
  readonly leaves: readonly Leaf[];
  readonly ms: number;
}

/**
 * Matches what the checklist declares with what really ran. Exit codes say nothing: a test
 * file that is empty, filtered away or left by process.exit(0) looks like a success.
 */
export function judge(features: readonly Feature[], leaves: readonly Leaf[]): readonly Verdict[] {
  return features.flatMap((feature) =>
    feature.evidence.map((evidence) => {
      const own = leaves.filter((leaf) => leaf.evidence === evidence);
      const ms = own.reduce((sum, leaf) => sum + leaf.ms, 0);
      return { feature: feature.id, evidence, outcome: outcomeOf(own), leaves: own, ms };
    }),
  );
}

function outcomeOf(leaves: readonly Leaf[]): Outcome {
  if (leaves.some(({ outcome }) => outcome === 'failed')) return 'failed';
  if (leaves.length === 0 || leaves.some(({ outcome }) => outcome === 'skipped')) return 'error';
  return 'proven';
}

/** 1 when something that must hold does not, 4 when something could not be judged, else 0. */
export function exitCode(verdicts: readonly Verdict[], mustHold: (feature: string) => boolean): 0 | 1 | 4 {
  if (verdicts.some(({ feature, outcome }) => outcome === 'failed' && mustHold(feature))) return 1;
  return verdicts.some(({ outcome }) => outcome === 'error') ? 4 : 0;
}
