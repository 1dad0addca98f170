interface Question<Key, Answer> {
  readonly key: Key;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Puts questions that come together to `ask` as one. Nothing is remembered: each question is
 * asked after it came. A request then costs a share of a query, and under load a small one.
 */
export function inBatches<Key, Answer>(ask: (keys: readonly Key[]) => Promise<(key: Key) => Answer>): (key: Key) => Promise<Answer> {
  let waiting: Question<Key, Answer>[] = [];
  const askAll = async () => {
    const questions = waiting;
    waiting = [];
    try {
      const answerOf = await ask(questions.map(({ key }) => key));
      for (const { key, resolve } of questions) resolve(answerOf(key));
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  };
  return (key) =>
    new Promise((resolve, reject) => {
      // Only after the event loop has read what else has arrived by now.
      if (waiting.length === 0) setImmediate(askAll);
      waiting.push({ key, resolve, reject });
    });
}
