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
  const example = matches(await read('.env.example'), /^([A-Z_]+)=/gm).filter((name) => !name.startsWith('POSTGRES_'));
  assert.deepEqual(example.filter((name) => !VARIABLES.includes(name)), []);
});

test('the files that README.md, THREATS.md and the decisions link to are there', async () => {
  const decisions = (await readdir(path.join(ROOT, 'docs/adr'))).map((name) => `docs/adr/${name}`);
  for (const name of ['README.md', 'THREATS.md', ...decisions]) {
    for (const link of matches(await read(name), /\]\((?!https?:)([^)#]+)/g)) {
      assert.ok(existsSync(path.join(ROOT, path.dirname(name), link)), `${name}: ${link}`);
    }
  }
});

test('the service calls nobody', async () => {
  const health = path.join('features', 'deployment', 'health-check.ts');
  for await (const name of glob('**/*.ts', { cwd: import.meta.dirname })) {
    if (/\.test\.ts$|(^|[\\/])testing/.test(name) || name === health) continue;
    assert.doesNotMatch(await readFile(path.join(import.meta.dirname, name), 'utf8'), /\bfetch\(|\brequest\(|\bhttps?\.get\(|node:https|net'?\)?\.connect|WebSocket\(/, name);
  }
});
