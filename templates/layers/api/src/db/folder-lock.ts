import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Takes a folder for this process alone and returns how to give it back.
 *
 * The lock is SQLite's, hence the operating system's: it vanishes with the process however that
 * ends, and no process id is stored that could later belong to somebody else.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const lock = new DatabaseSync(path.join(folder, 'lock'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    throw new Error(`${folder} is in use by another process; stop it, or set DATABASE_URL to run on a server`, { cause: error });
  }
  return () => lock.close();
}
