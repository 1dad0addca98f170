import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { CannotRun } from './errors.ts';
import { PROJECT } from './processes.ts';
import { printableLine } from './text.ts';

const SCHEMA = 1;

export type Mapping = Readonly<Record<string, unknown>>;

/** Reads a file of `.scaffolder`; returns undefined when there is none. */
export async function readRecord(name: string): Promise<string | undefined> {
  try {
    return await readFile(path.join(PROJECT, '.scaffolder', name), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw broken(name, `cannot be read: ${String(error)}`);
  }
}

/** Understands such a file, or says which line of it is wrong. */
export function parseRecord(name: string, text: string): Mapping {
  const conflict = text.split('\n').findIndex((line) => /^(<{7}|>{7})( |\r?$)/.test(line));
  if (conflict >= 0) throw broken(name, `line ${conflict + 1}: a conflict that git left; keep one side, or take the file from your last commit`);
  const document = mapping(name, parsed(name, text), 'the document');
  const { schema } = document;
  if (schema === SCHEMA) return document;
  const newer = typeof schema === 'number' && schema > SCHEMA;
  throw broken(name, newer ? `schema ${schema} is newer than this suite, which knows ${SCHEMA}` : `schema: must be ${SCHEMA}`);
}

/** What is wrong with a record is told with its file, and is never the project's doing. */
export const broken = (name: string, what: string): CannotRun => new CannotRun(3, `.scaffolder/${name}: ${printableLine(what)}`);

export function mapping(name: string, value: unknown, place: string): Mapping {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Mapping;
  throw broken(name, `${place}: must be a mapping`);
}

export function list(name: string, value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw broken(name, `${place}: must be a list`);
}

/** A value that is one of those that `kind` accepts. */
export function word(name: string, value: unknown, place: string, kind: RegExp): string {
  if (typeof value === 'string' && kind.test(value)) return value;
  throw broken(name, value === undefined ? `${place}: is missing` : `${place}: cannot be ${printableLine(JSON.stringify(value), 80)}`);
}

function parsed(name: string, text: string): unknown {
  try {
    return name.endsWith('.json') ? JSON.parse(text) : parseYaml(text, { logLevel: 'error' });
  } catch (error) {
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw broken(name, `${name.endsWith('.json') ? 'is not JSON' : 'is not YAML'}: ${what}`);
  }
}
