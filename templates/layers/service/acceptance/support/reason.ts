import { AssertionError } from 'node:assert';
import { inspect } from 'node:util';
import { printable, shorten } from './text.ts';

const LONGEST = 4000;
// For the others, such as `ok` and `fail`, there is nothing to compare.
const COMPARING = /^((not)?(deep)?(strict)?equal|partialDeepStrictEqual|match|doesNotMatch)$/i;

/** Why a leaf failed, in the words of its assertion, with what was expected and what there was. */
export function reasonOf(error: unknown): string {
  const cause = causeOf(error);
  const words = wordsOf(cause).trim();
  return shorten(printable([words, ...comparison(cause, words)].join('\n')), LONGEST) || 'no reason given';
}

// node:test wraps what a test throws.
function causeOf(error: unknown): unknown {
  const wrapped = error instanceof Error && 'code' in error && error.code === 'ERR_TEST_FAILURE';
  return wrapped && error.cause !== undefined ? error.cause : error;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : inspect(error);
  if (error.message) return error.message;
  // What `pg` and `fetch` throw when they tried several addresses.
  const errors = error instanceof AggregateError ? error.errors.map(wordsOf) : [];
  return errors.join('; ') || ('code' in error ? String(error.code) : error.name);
}

// Node tells the difference itself, except where the test has words of its own (and even there, of late).
function comparison(error: unknown, words: string): readonly string[] {
  if (!(error instanceof AssertionError) || error.generatedMessage || !COMPARING.test(error.operator)) return [];
  const compared = / !== |^[+-] /m.test(words);
  return compared ? [] : [`expected: ${shown(error.expected)}`, `actual:   ${shown(error.actual)}`];
}

const shown = (value: unknown): string => shorten(inspect(value, { depth: 4, maxStringLength: 800, breakLength: 100 }), 1500);
