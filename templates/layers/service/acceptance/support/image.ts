import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ignoredBy, instruction, parseDockerfile, type Line, type Stage } from './dockerfile.ts';
import { PROJECT, runCommand, settings } from './processes.ts';

const BUILD_MS = 240_000;

/** What the last stage of an image would hold, as a folder. */
export interface Image {
  readonly folder: string;
  remove(): Promise<void>;
}

interface Build {
  readonly root: string;
  readonly stages: readonly Stage[];
  readonly ignored: (path: string) => boolean;
}

/**
 * Lays an image out where none can be built: each stage becomes a folder that holds what its COPY
 * lines bring, as far as `.dockerignore` lets it through, the packages that its `npm ci` would
 * install, and what its other npm commands make of them. Anything else concerns the base image.
 */
export async function layOutImage(): Promise<Image> {
  const stages = parseDockerfile(await read('Dockerfile'));
  const ignored = ignoredBy(await read('.dockerignore'));
  const root = await mkdtemp(path.join(tmpdir(), 'image-'));
  const remove = () => rm(root, { recursive: true, force: true });
  try {
    for (const stage of stages) await layOut(stage, { root, stages, ignored });
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder: path.join(root, stages.at(-1)?.name ?? ''), remove };
}

const read = (name: string) => readFile(path.join(PROJECT, name), 'utf8');

async function layOut(stage: Stage, build: Build): Promise<void> {
  const folder = path.join(build.root, stage.name);
  await mkdir(folder);
  for (const line of stage.lines) {
    if (line.instruction === 'COPY') await copy(line, stage, build);
    if (line.instruction === 'RUN' && /^npm (ci|install)\b/.test(line.rest)) await install(line.rest, stage, folder);
    else if (line.instruction === 'RUN' && /^(npm|npx) /.test(line.rest)) await run(line.rest, folder);
  }
}

async function copy({ flags, rest }: Line, stage: Stage, { root, stages, ignored }: Build): Promise<void> {
  const words = rest.split(/\s+/);
  const target = words.pop() ?? '.';
  const from = stages.find(({ name }) => name === flags['from']);
  // Whatever comes from an image of others is nothing that we could lay out.
  if (flags['from'] !== undefined && !from) return;
  for (const word of words) {
    const place = from ? inside(from, word) : path.posix.normalize(word);
    const source = from ? path.join(root, from.name, place) : path.join(PROJECT, place);
    if (!from && ignored(place)) throw new Error(`the Dockerfile copies ${word}, which .dockerignore keeps out of the build`);
    const intoFolder = /(^|\/)\.?\/?$/.test(target) || words.length > 1;
    const into = intoFolder && (await stat(source)).isFile() ? path.join(target, path.basename(source)) : target;
    const filter = (file: string) => from !== undefined || !ignored(path.relative(PROJECT, file).replaceAll(path.sep, '/'));
    await cp(source, path.join(root, stage.name, inside(stage, into)), { recursive: true, verbatimSymlinks: true, filter });
  }
}

/** A path of the image, relative to the working folder of a stage. */
function inside(stage: Stage, place: string): string {
  const folder = instruction(stage, 'WORKDIR') ?? '/';
  return path.posix.relative(folder, path.posix.resolve(folder, place));
}

interface Locked {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

async function install(command: string, stage: Stage, folder: string): Promise<void> {
  const omitted = new Set([...command.matchAll(/--omit[= ](\w+)/g)].map(([, kind]) => kind));
  if (/^NODE_ENV[= ]production$/.test(instruction(stage, 'ENV') ?? '')) omitted.add('dev');
  const installed = path.join(PROJECT, 'node_modules');
  if (omitted.size === 0) return symlink(installed, path.join(folder, 'node_modules'));
  const left = ({ dev, optional, devOptional }: Locked) =>
    (dev && omitted.has('dev')) || (optional && omitted.has('optional')) || (devOptional && omitted.has('dev') && omitted.has('optional'));
  const { packages } = JSON.parse(await read('package-lock.json')) as { packages: Readonly<Record<string, Locked>> };
  for (const [place, locked] of Object.entries(packages)) {
    if (!/^node_modules\/(@[^/]+\/)?[^/]+$/.test(place) || left(locked) || !existsSync(path.join(PROJECT, place))) continue;
    await mkdir(path.dirname(path.join(folder, place)), { recursive: true });
    await symlink(path.join(PROJECT, place), path.join(folder, place));
  }
}

async function run(command: string, folder: string): Promise<void> {
  const { code, output } = await runCommand(['sh', '-c', command], settings(), { folder, withinMs: BUILD_MS });
  if (code !== 0) throw new Error(`RUN ${command} ended with ${code} on what the image has at that point:\n${output}`);
}
