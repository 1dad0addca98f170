/** How long a leaf may take, and the setting up of its feature before it. */
export const DEFAULT_LIMIT_S = 120;
const LIMITS = 'ACCEPTANCE_LIMITS';

/** Hands the limits of the checklist, by evidence id, to the test files that are started. */
export function publishLimits(limits: Readonly<Record<string, number>>): void {
  process.env[LIMITS] = JSON.stringify(limits);
}

/** The limit of a piece of evidence in seconds: `timeout_s` in the checklist, or the usual one. */
export function limitOf(evidence: string): number {
  return published()[evidence] ?? DEFAULT_LIMIT_S;
}

/** The limit of setting a feature up: as long as the most patient of its evidence may take. */
export function limitOfSetUp(feature: string): number {
  const own = Object.entries(published()).filter(([evidence]) => evidence.startsWith(`${feature}.`));
  return Math.max(DEFAULT_LIMIT_S, ...own.map(([, seconds]) => seconds));
}

const published = (): Readonly<Record<string, number>> => JSON.parse(process.env[LIMITS] ?? '{}') as Record<string, number>;

/** Waits for work, but no longer than `seconds`. */
export async function within<T>(seconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} after ${seconds} s, its time limit`)), seconds * 1000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
