import { writeSync } from 'node:fs';
import { Transform, type TransformCallback } from 'node:stream';
import type { TestEvent } from 'node:test/reporters';
import { reasonOf } from './reason.ts';
import type { Told } from './test-file.ts';

/** Where `test-file.ts` listens: no test prints there by accident. */
const CHANNEL = 3;

// Written at once, so that what was told is known even if the process is killed.
const tell = (told: Told) => void writeSync(CHANNEL, `${JSON.stringify(told)}\n`);

let waiting = 0;

/** Tells the runner, test by test, what came out, and at the end that there are no more. */
export default new Transform({
  writableObjectMode: true,
  transform: ({ type, data }: TestEvent, _encoding: BufferEncoding, done: TransformCallback) => {
    if (type === 'test:enqueue') waiting += 1;
    if (type === 'test:pass') {
      const { name, skip, todo, details } = data;
      const why = [skip, todo].find((value) => typeof value === 'string');
      const skipped = skip !== undefined || todo !== undefined;
      tell({ name, outcome: skipped ? 'skipped' : 'passed', ms: details.duration_ms, ...(why && { message: why }) });
    } else if (type === 'test:fail') {
      tell({ name: data.name, outcome: 'failed', ms: data.details.duration_ms, message: reasonOf(data.details.error) });
    } else if (type === 'test:summary') {
      tell('end');
    }
    if ((type === 'test:pass' || type === 'test:fail') && (waiting -= 1) === 0) tell('idle');
    done();
  },
});
