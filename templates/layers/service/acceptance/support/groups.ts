import { spawn, type ChildProcess } from 'node:child_process';

export const OUTPUT_KEPT = 64_000;
const running = new Set<ChildProcess>();

/**
 * Sees to it that the group of a detached process ends when this process does, even if it is
 * killed: a shell waits at a pipe that only we hold open. Returns how to call it off.
 */
export function guard(child: ChildProcess): () => void {
  running.add(child);
  const watcher =
    process.platform === 'win32' || child.pid === undefined
      ? undefined
      : spawn('sh', ['-c', 'read _; kill -9 "-$0"', String(child.pid)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  watcher?.unref();
  return () => {
    running.delete(child);
    watcher?.kill('SIGKILL');
  };
}

process.once('exit', () => running.forEach(killGroup));

export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

/** Keeps the end of what a process prints. */
export function collect(child: ChildProcess): string[] {
  const pieces: string[] = [];
  let kept = 0;
  const take = (piece: string) => {
    pieces.push(piece);
    kept += piece.length;
    while (kept > OUTPUT_KEPT * 2) kept -= pieces.shift()?.length ?? 0;
  };
  child.stdout?.setEncoding('utf8').on('data', take);
  child.stderr?.setEncoding('utf8').on('data', take);
  return pieces;
}
