import path from 'node:path';
import { CannotRun } from './errors.ts';
import { PROJECT } from './processes.ts';
import { broken, list, mapping, parseRecord, readRecord, word, type Mapping } from './records.ts';

/** A piece of evidence of the kind `test`. */
export interface Evidence {
  readonly id: string;
  readonly level: Level;
  readonly limitS?: number;
}

/** A feature as far as this suite judges it. */
export interface Feature {
  readonly id: string;
  readonly level: Level;
  /** Its owner's word that it need not hold. */
  readonly waived: boolean;
  /** Where its tests usually stand; they may stand in any test file. */
  readonly file: string;
  readonly evidence: readonly Evidence[];
}

/** Only what is `must` counts. */
export type Level = 'must' | 'stretch';

const CHECKLIST = 'checklist.yml';
const RESULTS = 'results.json';
const ATTESTED = 'attested.yml';
const ID = /^[a-z0-9][a-z0-9-]*$/;
const TEST_ID = /^[a-z0-9-]+\.[a-z0-9-]+$/;
const LONGEST_LIMIT_S = 86_400;

export async function readFeatures(only: readonly string[]): Promise<readonly Feature[]> {
  const waived = parseWaived((await readRecord(ATTESTED)) ?? 'schema: 1\nattestations: []\n');
  const known = parseFeatures(await readNeeded(CHECKLIST), waived);
  const unknown = only.find((id) => !known.some((feature) => feature.id === id));
  if (unknown !== undefined) throw new CannotRun(2, `no feature is called ${unknown}; there are ${known.map(({ id }) => id).join(', ')}`);
  return known.filter(({ id, evidence }) => evidence.length > 0 && (only.length === 0 || only.includes(id)));
}

/** The features that were proven once: these must never fail again. */
export async function readProven(): Promise<ReadonlySet<string>> {
  return parseProven(await readNeeded(RESULTS));
}

export function parseFeatures(text: string, waived: ReadonlySet<string>): readonly Feature[] {
  const entries = list(CHECKLIST, parseRecord(CHECKLIST, text)['features'], 'features');
  const features = entries.map((value, index) => {
    const place = `features[${index}]`;
    const entry = mapping(CHECKLIST, value, place);
    const id = word(CHECKLIST, entry['id'], `${place}.id`, ID);
    const pieces = list(CHECKLIST, entry['evidence'] ?? [], `${place}.evidence`).map((item, at) => mapping(CHECKLIST, item, `${place}.evidence[${at}]`));
    const evidence = pieces.filter(({ kind }) => kind === 'test').map((piece) => parseEvidence(piece, id));
    return { id, level: levelOf(entry, place), waived: waived.has(id), file: path.join(PROJECT, 'acceptance', `${id}.test.ts`), evidence };
  });
  const ids = features.flatMap(({ id, evidence }) => [id, ...evidence.map((piece) => piece.id)]);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw broken(CHECKLIST, `the id ${twice} stands twice`);
  return features;
}

function parseEvidence(piece: Mapping, feature: string): Evidence {
  const id = word(CHECKLIST, piece['id'], `evidence of ${feature}`, TEST_ID);
  const limitS = piece['timeout_s'];
  const level = levelOf(piece, id);
  if (limitS === undefined) return { id, level };
  if (typeof limitS === 'number' && Number.isInteger(limitS) && limitS > 0 && limitS <= LONGEST_LIMIT_S) return { id, level, limitS };
  throw broken(CHECKLIST, `${id}.timeout_s: must be a whole number of seconds, from 1 to ${LONGEST_LIMIT_S}`);
}

function levelOf({ level = 'must' }: Mapping, place: string): Level {
  return word(CHECKLIST, level, `${place}.level`, /^(must|stretch)$/) as Level;
}

export function parseProven(text: string): ReadonlySet<string> {
  const features = mapping(RESULTS, parseRecord(RESULTS, text)['features'], 'features');
  const once = Object.entries(features).filter(([id, value]) => {
    const entry = mapping(RESULTS, value, `features.${id}`);
    const flags = list(RESULTS, entry['flags'] ?? [], `features.${id}.flags`);
    return word(RESULTS, entry['outcome'], `features.${id}.outcome`, ID) === 'proven' || flags.includes('regressed');
  });
  return new Set(once.map(([id]) => id));
}

/** The features that their owner waives; other attestations are links, which no test can check. */
export function parseWaived(text: string): ReadonlySet<string> {
  const entries = list(ATTESTED, parseRecord(ATTESTED, text)['attestations'], 'attestations');
  const attestations = entries.map((value, index) => mapping(ATTESTED, value, `attestations[${index}]`));
  return new Set(attestations.filter(({ waive }) => waive === true).map(({ id }, index) => word(ATTESTED, id, `waived attestation ${index + 1}`, ID)));
}

async function readNeeded(name: string): Promise<string> {
  const text = await readRecord(name);
  if (text === undefined) throw broken(name, 'is missing; take it from your last commit');
  return text;
}
