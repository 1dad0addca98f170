import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { glob, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { VARIABLES } from './config.ts';

const ROOT = path.join(import.meta.dirname, '..');
const read = (name: string) => readFile(path.join(ROOT, name), 'utf8');

interface Checklist {
  readonly features: readonly { readonly id: string; readonly evidence: readonly { readonly id: string }[] }[];
}

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);
const decisions = async () => (await readdir(path.join(ROOT, 'docs/adr'))).map((name) => `docs/adr/${name}`).toSorted();

test('THREATS.md speaks of all ten, and every evidence that it names is on the checklist', async () => {
  const { features } = parse(await read('.scaffolder/checklist.yml')) as Checklist;
  const known = new Set(features.flatMap(({ evidence }) => evidence.map(({ id }) => id)));
  const named = new RegExp(`\`((?:${features.map(({ id }) => id).join('|')})\\.[a-z0-9-]+)\``, 'g');
  const [, ...sections] = (await read('THREATS.md')).split(/^## /m);
  assert.deepEqual(sections.map((section) => section.split(':', 1)[0]), Array.from({ length: 10 }, (_, index) => `API${index + 1}`));
  for (const section of sections) {
    const evidence = matches(section, named);
    assert.ok(evidence.length > 0, section.split('\n', 1)[0]);
    assert.deepEqual(evidence.filter((id) => !known.has(id)), []);
  }
});

test('README.md and .env.example name every variable of the configuration, and no other', async () => {
  const readme = matches(await read('README.md'), /^\| `([A-Z_]+)` \|/gm);
  assert.deepEqual(readme.toSorted(), VARIABLES.toSorted());
  const example = matches(await read('.env.example'), /^([A-Z_]+)=/gm);
  const ofCompose = matches(await read('compose.yaml'), /\$\{([A-Z_]+)/g);
  // Whatever says in which mode it runs belongs to a deployment, not to a file.
  assert.deepEqual(example.toSorted(), [...new Set([...VARIABLES, ...ofCompose])].filter((name) => name !== 'NODE_ENV').toSorted());
});

test('the commands that README.md shows are in package.json', async () => {
  const { scripts } = JSON.parse(await read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const shown = matches(await read('README.md'), /\bnpm (?:run )?(?!run\b|ci\b)([a-z-]+)/g);
  assert.ok(shown.length > 0);
  assert.deepEqual(shown.filter((name) => !(name in scripts)), []);
});

test('the files that README.md, THREATS.md and the decisions link to are there', async () => {
  for (const name of ['README.md', 'THREATS.md', ...(await decisions())]) {
    for (const link of matches(await read(name), /\]\((?!https?:)([^)#]+)/g)) {
      assert.ok(existsSync(path.join(ROOT, path.dirname(name), link)), `${name}: ${link}`);
    }
  }
});

test('README.md lists every decision, by the title that it has', async () => {
  const listed = matches(await read('README.md'), /^- (\[[^\]]+\]\(docs\/adr\/[^)]+\))$/gm);
  const expected = await Promise.all((await decisions()).map(async (name) => `[${matches(await read(name), /^# \d+\. (.+)$/gm)[0]}](${name})`));
  assert.deepEqual(listed, expected);
});

/** What opens connections, and in which files it may be named. */
const CALLS: readonly (readonly [what: RegExp, where: RegExp])[] = [
  [/\bfetch\(|\{[^}]*\b(get|request|connect|createConnection)\b[^}]*\} from 'node:|node:https|node:tls|WebSocket\(/, /^features\/deployment\/health-check\.ts$/],
  [/from 'stripe'/, /^features\/payments\//],
  [/from 'redis'/, /^(redis|features\/caching)\//],
];

test('the service calls nobody but its database, Redis and Stripe', async () => {
  for await (const name of glob('**/*.ts', { cwd: import.meta.dirname })) {
    if (/\.(test|spec)\.ts$|^(testing|generated)\b/.test(name)) continue;
    const text = await readFile(path.join(import.meta.dirname, name), 'utf8');
    for (const [what, where] of CALLS) if (!where.test(name.replaceAll(path.sep, '/'))) assert.doesNotMatch(text, what, name);
  }
});
