import { stripVTControlCharacters } from 'node:util';

const BREAK = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
// Controls, lone surrogates, what turns the direction of writing, and what nobody sees.
const UNSEEN = /[[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]--[\t\n]]/gv;
// The first stands anywhere in a line, the second at the beginning of one.
const OLD_COMMAND = /##(?=\[|vso\[)/gi;
const COMMAND = /^([^\S\n]*):(?=:)/gm;

/**
 * Makes anything that a project or a test printed safe to show: it steers no terminal, and a CI
 * service takes no line of it for a command (`::set-output ...`, `##[group]`).
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(BREAK, '\n')
    .replaceAll(UNSEEN, '')
    .replaceAll(OLD_COMMAND, '#\\#')
    .replaceAll(COMMAND, String.raw`$1\:`);
}

/** The same on one line, and no longer than this. */
export const printableLine = (text: string, limit = 300): string => shorten(printable(text).replaceAll(/\s+/g, ' ').trim(), limit);

/** Keeps both ends, since either may say what went wrong. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor((limit - 5) / 2);
  return `${text.slice(0, half)} ... ${text.slice(-half)}`.toWellFormed();
}
