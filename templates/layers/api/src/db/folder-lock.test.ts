import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { lockFolder } from './folder-lock.ts';

const MODULE = path.join(import.meta.dirname, 'folder-lock.ts');

function lockInAnotherProcess(folder: string): string {
  const script = `import { lockFolder } from ${JSON.stringify(MODULE)};
    try { lockFolder(${JSON.stringify(folder)}); console.log('taken'); } catch { console.log('refused'); }
    process.kill(process.pid, 'SIGKILL');`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout.trim();
}

test('a folder belongs to one process, and to the next one once that is gone, even killed', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lock-'));
  t.after(() => rm(folder, { recursive: true }));
  const unlock = lockFolder(folder);
  assert.equal(lockInAnotherProcess(folder), 'refused');
  unlock();
  assert.equal(lockInAnotherProcess(folder), 'taken');
  assert.equal(lockInAnotherProcess(folder), 'taken');
});
