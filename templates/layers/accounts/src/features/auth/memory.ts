interface Entry<Value> {
  readonly value: Value;
  readonly until: number;
}

export interface Memory<Value> {
  recall(key: string): Value | undefined;
  keep(key: string, value: Value, until: number): void;
}

/** Remembers so many values, each until a moment (in milliseconds), the oldest giving way. */
export function createMemory<Value>(size: number): Memory<Value> {
  const entries = new Map<string, Entry<Value>>();
  return Object.freeze({
    recall: (key: string) => {
      const entry = entries.get(key);
      if (!entry || Date.now() < entry.until) return entry?.value;
      entries.delete(key);
      return undefined;
    },
    keep: (key: string, value: Value, until: number) => {
      const [oldest] = entries.keys();
      if (oldest !== undefined && entries.size >= size) entries.delete(oldest);
      entries.set(key, { value, until });
    },
  });
}
