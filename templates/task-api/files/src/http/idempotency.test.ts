import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { testDatabase } from '../testing/database.ts';
import { createUser } from '../testing/service.ts';
import { once } from './idempotency.ts';

async function sender() {
  const db = await testDatabase();
  const [userId, key] = [await createUser(db), randomUUID()];
  let worked = 0;
  const work = async () => ({ run: ++worked });
  return { send: (request: unknown) => db.transaction((t) => once(t, { userId, key, request }, work)), db, userId };
}

test('the second time the work is not done, and the answer is the first one', async () => {
  const { send } = await sender();
  assert.deepEqual([await send({ a: 1 }), await send({ a: 1 })], [{ run: 1 }, { run: 1 }]);
});

test('another request with the same key is refused', async () => {
  const { send } = await sender();
  await send({ a: 1 });
  await assert.rejects(send({ a: 2 }), { status: 422 });
});

test('after a day the key may be used again', async () => {
  const { send, db, userId } = await sender();
  await send({ a: 1 });
  await db.query("update idempotency_keys set created_at = now() - interval '25 hours' where user_id = $1", [userId]);
  assert.deepEqual(await send({ a: 2 }), { run: 2 });
});
