/** Runs work when there is room for it. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

interface Size {
  /** How many pieces of work run at once. */
  readonly running: number;
  /** How many more may stand in line; the rest is refused. */
  readonly waiting: number;
}

export function createGate({ running, waiting }: Size, refusal: () => Error): Gate {
  const line: (() => void)[] = [];
  let free = running;
  return async (work) => {
    if (free > 0) free -= 1;
    else if (line.length < waiting) await new Promise<void>((resolve) => line.push(resolve));
    else throw refusal();
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next) next();
      else free += 1;
    }
  };
}
