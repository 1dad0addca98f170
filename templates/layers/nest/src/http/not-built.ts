import { Problem } from './problem.ts';

/** What the entry points of a feature answer that is not built yet. */
export function notBuilt(feature: string): never {
  throw new Problem(501, 'feature.not_built', `The feature ${feature} is not built yet.`);
}
