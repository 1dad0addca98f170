/** Waits for an answer, but no longer than this. Whatever comes later is dropped. */
export function inTime<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`no answer within ${limitMs} ms`));
    // After a stall of this process, what arrived meanwhile is read before anything is called late.
    const timer = setTimeout(() => setImmediate(late), limitMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
