/** Random data that comes out the same again for the same seed. */
export interface Random {
  int(min: number, max: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** Small letters only, so that it is one word for any text search. */
  word(length?: number): string;
  shuffle<T>(items: readonly T[]): T[];
}

export const newSeed = (): string => Math.floor(Math.random() * 2 ** 32).toString(36);

export function randomFrom(seed: string): Random {
  const next = generator(hash(seed));
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  const pick = <T>(choices: readonly [T, ...T[]]): T => choices[int(0, choices.length - 1)] ?? choices[0];
  const word = (length = 10) => Array.from({ length }, () => String.fromCodePoint(int(97, 122))).join('');
  const shuffle = <T>(items: readonly T[]): T[] =>
    items.map((item) => [next(), item] as const).toSorted(([a], [b]) => a - b).map(([, item]) => item);
  return Object.freeze({ int, pick, word, shuffle });
}

// FNV-1a and mulberry32: well-known, short, and good enough to choose test data.
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return state >>> 0;
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
