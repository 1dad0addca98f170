import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from '../support/http.ts';
import { PROJECT, runCommand, settings, type Finished } from '../support/processes.ts';
import type { Kit } from '../support/suite.ts';
import { makeWorld, type World } from '../world.ts';

/** The service with projects and tasks kept by Prisma. */
export interface PrismaWorld extends World {
  readonly kit: Kit;
  /** Requests made as us to another process on the same database, where SQL keeps them. */
  readonly sql: Client;
  /** What a process of ours is started with, besides its database. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Leaf {
  readonly id: string;
  readonly title: string;
  readonly body: (world: PrismaWorld) => Promise<void>;
}

/** A test that the suite declares: one thing that the evidence `prisma.id` consists of. */
export const leaf = (id: string, title: string, body: Leaf['body']): Leaf => Object.freeze({ id, title, body });

export const PACKAGE = path.join(PROJECT, 'prisma-repository');
const INSTALL_MS = 540_000;

export async function makePrismaWorld(kit: Kit): Promise<PrismaWorld> {
  if (!existsSync(path.join(PACKAGE, 'package.json'))) throw new Error('prisma is not built yet');
  if (!(await isInstalled())) mustSucceed(await npm('ci', '--ignore-scripts', '--no-audit', '--no-fund'));
  mustSucceed(await npm('run', 'generate'));
  const env = { NODE_ENV: 'development', LOG_LEVEL: 'warn', JWT_SECRET: randomBytes(32).toString('hex'), REPOSITORY: 'prisma' };
  const world = await makeWorld(kit, env);
  const { url } = await kit.start({ ...env, DATABASE_URL: world.database.url, REPOSITORY: 'sql' });
  return { ...world, kit, env, sql: world.api.at(url) };
}

/** Runs npm in the package. */
export const npm = (...words: readonly string[]): Promise<Finished> => runCommand(['npm', ...words], settings(), { folder: PACKAGE, withinMs: INSTALL_MS });

export function mustSucceed({ code, output }: Finished): void {
  if (code !== 0) throw new Error(`npm ended with ${code} in prisma-repository: ${output}`);
}

type Versions = Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;

async function isInstalled(): Promise<boolean> {
  const there = await versionsIn('node_modules/.package-lock.json');
  const wanted = Object.entries(await versionsIn('package-lock.json')).filter(([name, { optional }]) => name !== '' && !optional);
  return wanted.every(([name, { version }]) => there[name]?.version === version);
}

async function versionsIn(lock: string): Promise<Versions> {
  const text = await readFile(path.join(PACKAGE, lock), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { readonly packages?: Versions }).packages ?? {};
}
