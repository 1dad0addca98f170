import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { createPool, databaseOn } from './pool.ts';
import { refusalOf } from './refusals.ts';

test('a database that does not answer is 503, in a transaction and outside', async () => {
  // Port 1 is nobody's.
  const db = databaseOn(createPool('postgres://nobody@127.0.0.1:1/none', 1, pino({ level: 'silent' })));
  const asked = [db.query('select 1'), db.transaction((transaction) => transaction.query('select 1'))];
  for (const answer of await Promise.allSettled(asked)) {
    assert.ok(answer.status === 'rejected');
    assert.equal(refusalOf(answer.reason)?.status, 503);
  }
  await db.close();
});
