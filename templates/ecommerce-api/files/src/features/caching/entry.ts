import { hash } from 'node:crypto';

const SEAL_LENGTH = 43;

/** An object, because the value itself may be null. */
export interface Kept {
  readonly value: unknown;
}

/**
 * Writes what Redis keeps of a value: the version of the catalog that it was loaded under, a seal,
 * and the value as JSON.
 */
export function sealed(key: string, version: string, value: unknown): string {
  const json = JSON.stringify(value);
  return `${version}\n${seal(key, version, json)}\n${json}`;
}

/**
 * Reads an entry; undefined where it is of another version, of another key, cut off, or never was
 * an entry.
 */
export function opened(key: string, version: string, text: string | null | undefined): Kept | undefined {
  if (!text?.startsWith(`${version}\n`)) return undefined;
  const begin = version.length + 1;
  const json = text.slice(begin + SEAL_LENGTH + 1);
  if (text.slice(begin, begin + SEAL_LENGTH + 1) !== `${seal(key, version, json)}\n`) return undefined;
  return { value: JSON.parse(json) };
}

// Against accidents, not against attackers: whoever can write to Redis can seal as well.
const seal = (key: string, version: string, json: string): string => hash('sha256', `${key}\n${version}\n${json}`, 'base64url');
