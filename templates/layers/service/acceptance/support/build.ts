import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { collect, guard, killGroup } from './groups.ts';
import { within } from './limits.ts';
import { PROJECT } from './processes.ts';
import { printable, shorten } from './text.ts';

const LIMIT_S = 300;
const LONGEST_OUTPUT = 3000;
const UNBUILT = 'ACCEPTANCE_UNBUILT';

/**
 * Builds the project once for all test files, where package.json says how. What does not build
 * fails its leaves, as what does not start does.
 */
export async function buildProject(): Promise<void> {
  const command = await buildScript();
  if (command === undefined) return;
  const why = await failureOf(command);
  if (why === undefined) delete process.env[UNBUILT];
  else process.env[UNBUILT] = `the project does not build: ${why}`;
}

/** Throws what was wrong with the build, in a test file of its run. */
export function requireBuild(): void {
  const why = process.env[UNBUILT];
  if (why) throw new Error(why);
}

async function buildScript(): Promise<string | undefined> {
  const manifest = JSON.parse(await readFile(path.join(PROJECT, 'package.json'), 'utf8')) as { scripts?: Record<string, string> };
  return manifest.scripts?.['build'];
}

// With the settings of whoever runs the suite: tools that build may need them.
async function failureOf(command: string): Promise<string | undefined> {
  const folders = [path.join(PROJECT, 'node_modules', '.bin'), path.dirname(process.execPath), process.env['PATH'] ?? ''];
  const child = spawn(command, {
    cwd: PROJECT,
    shell: true,
    env: { ...process.env, PATH: folders.join(path.delimiter) },
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const release = guard(child);
  const output = collect(child);
  try {
    const [code] = (await within(LIMIT_S, 'it was still building', once(child, 'close'))) as [number | null];
    return code === 0 ? undefined : shorten(printable(output.join('')).trim(), LONGEST_OUTPUT);
  } catch (error) {
    return String(error);
  } finally {
    killGroup(child);
    release();
  }
}
