import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { OUTPUT_KEPT, collect, guard, killGroup } from './groups.ts';
import { Client } from './http.ts';
import { within } from './limits.ts';
import { until } from './poll.ts';

export const PROJECT = path.join(import.meta.dirname, '..', '..');

type Variables = Readonly<Record<string, string>>;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Started {
  /** The end of what it printed. */
  output(): string;
  /** Sends a signal to the process itself, not to its group. */
  signal(name: NodeJS.Signals): void;
  exited(withinMs?: number): Promise<Exit>;
  /** Ends the whole group, politely first, and returns how the process ended. */
  stop(): Promise<Exit>;
}

export interface Service extends Started {
  readonly url: string;
  readonly client: Client;
}

/** Elsewhere than in the project, or for longer than usual. */
export interface Place {
  readonly folder?: string;
  readonly withinMs?: number;
}

/** Something else than the project's own `start`, or elsewhere than in the project. */
export interface Variant {
  readonly command?: readonly string[];
  readonly folder?: string;
}

export interface Finished extends Exit {
  readonly output: string;
}

/** Runs a script of package.json to its end, as `npm run NAME -- ARGV` does. */
export async function runScript(name: string, env: Variables, argv: readonly string[] = []): Promise<Finished> {
  return runCommand(await scriptCommand(name, argv), env);
}

export async function runCommand(command: readonly string[], env: Variables, { folder, withinMs = 60_000 }: Place = {}): Promise<Finished> {
  const started = launch(command, env, folder);
  try {
    return { ...(await started.exited(withinMs)), output: started.output() };
  } finally {
    await started.stop();
  }
}

/** Starts the project on a free port and waits until it is ready. */
export async function startService(env: Variables, variant?: Variant): Promise<Service> {
  const service = await launchService(env, variant);
  try {
    await untilAnswers(service, '/health/ready', 200);
    return service;
  } catch (error) {
    await service.stop();
    throw new Error(`the service did not get ready: ${String(error)}\n${service.output()}`, { cause: error });
  }
}

/** As `startService`, without waiting. */
export async function launchService(env: Variables, { command, folder }: Variant = {}): Promise<Service> {
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const started = launch(command ?? (await scriptCommand('start')), { PORT: port, ...env }, folder);
  return Object.freeze({ ...started, url, client: new Client(url) });
}

/** Waits until a path answers with a status; fails at once when the service has ended. */
export async function untilAnswers(service: Service, address: string, status: number, withinMs = 60_000): Promise<void> {
  let exit: Exit | undefined;
  void service.exited(withinMs * 2).then((ended) => (exit = ended), () => {});
  await until(`${address} answers ${status}`, async () => {
    if (exit) throw new Error(`the process ended with ${exit.code ?? exit.signal}`);
    const answer = await service.client.get(address).catch(() => undefined);
    return answer?.status === status;
  }, { withinMs });
}

async function scriptCommand(name: string, argv: readonly string[] = []): Promise<readonly string[]> {
  const manifest = JSON.parse(await readFile(path.join(PROJECT, 'package.json'), 'utf8')) as { scripts?: Record<string, string> };
  const script = manifest.scripts?.[name];
  if (!script) throw new Error(`package.json has no script ${name}`);
  // Without a shell between, signals reach the process and its exit code reaches us.
  return /^[\w\s./=@:-]+$/.test(script) ? [...script.split(/\s+/), ...argv] : ['sh', '-c', `${script} "$@"`, name, ...argv];
}

function launch([program = '', ...argv]: readonly string[], env: Variables, folder = PROJECT): Started {
  // The same Node as runs the suite, and no wrapper between it and our signals.
  const child = spawn(program === 'node' ? process.execPath : program, argv, {
    cwd: folder,
    env: { ...inherited(), ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const release = guard(child);
  const output = collect(child);
  const ended = new Promise<Exit>((resolve) => {
    child.once('error', (error) => {
      output.push(String(error));
      resolve({ code: 127, signal: null });
    });
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const exited = (withinMs = 20_000) => within(withinMs / 1000, 'the process was still running', ended);
  const stop = async () => {
    child.kill('SIGTERM');
    const exit = await exited(5000).catch(() => undefined);
    killGroup(child);
    release();
    return exit ?? ended;
  };
  return Object.freeze({ output: () => output.join('').slice(-OUTPUT_KEPT), signal: (name: NodeJS.Signals) => void child.kill(name), exited, stop });
}

// The user's own settings stay out: a DATABASE_URL of theirs is never touched.
const inherited = (): Variables => chosen((name) => ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot', 'TEMP'].includes(name));

// What `npm run` tells a script about its own project is nothing for a command in another folder.
const OF_THIS_RUN = /^npm_(?!config_(registry|userconfig|cache|cafile|proxy|https_proxy|noproxy)$)|^NODE_TEST_CONTEXT$/;

/** The settings of whoever runs the suite, for tools that build and install. */
export const settings = (): Variables => chosen((name) => !OF_THIS_RUN.test(name));

const chosen = (wanted: (name: string) => boolean): Variables =>
  Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value !== undefined && wanted(name) ? [[name, value]] : [])));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
