import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../testing/database.ts';
import { refusalOf } from './refusals.ts';

const PLANT = "insert into users (email, password_hash) values ($1, '!')";

async function statusOf(text: string, values: readonly unknown[] = []): Promise<number | undefined> {
  const db = await testDatabase();
  const error = await db.query(text, values).then(
    () => assert.fail('the database accepted it'),
    (reason: unknown) => reason,
  );
  return refusalOf(error)?.status;
}

test('a refused value is 400, whatever refused it', async () => {
  assert.equal(await statusOf('select $1::uuid', ['nonsense']), 400);
  assert.equal(await statusOf('select $1::smallint', ['99999']), 400);
  assert.equal(await statusOf(PLANT, ['no address']), 400);
  assert.equal(await statusOf(`select '"\\u0000"'::jsonb`), 400);
});

test('a broken unique or foreign key is 409', async () => {
  await (await testDatabase()).query(PLANT, ['twice@example.test']);
  assert.equal(await statusOf(PLANT, ['TWICE@example.test']), 409);
});

test('a mistake of ours is no refusal', async () => {
  assert.equal(await statusOf('select * from no_such_table'), undefined);
  assert.equal(refusalOf(new Error('anything')), undefined);
});
