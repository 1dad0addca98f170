import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { ConfigError, readConfig } from './config.ts';

const DATABASE_URL = 'postgres://127.0.0.1/tasks';
const random = () => randomBytes(32).toString('hex');

test('an empty environment is a development machine with the embedded database', () => {
  const config = readConfig({});
  assert.equal(config.production, false);
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.databaseUrl, undefined);
});

test('an empty variable counts as not set', () => {
  assert.equal(readConfig({ PORT: '', DEMO_TOKEN: '' }).port, readConfig({}).port);
});

test('production needs a database', () => {
  assert.throws(() => readConfig({ NODE_ENV: 'production' }), ConfigError);
  assert.equal(readConfig({ NODE_ENV: 'production', DATABASE_URL }).host, '0.0.0.0');
});

test('Prisma needs a database, and there is no third way', () => {
  assert.equal(readConfig({}).repository, 'sql');
  assert.throws(() => readConfig({ REPOSITORY: 'prisma' }), /DATABASE_URL/);
  assert.equal(readConfig({ REPOSITORY: 'prisma', DATABASE_URL }).repository, 'prisma');
  assert.throws(() => readConfig({ REPOSITORY: 'papyrus', DATABASE_URL }), /REPOSITORY/);
});

test('the message names every variable that is wrong, and no value', () => {
  const wrong = { PORT: 'eighty', JWT_SECRET: 'tiny-and-private', DATABASE_URL: 'mysql://x' };
  assert.throws(() => readConfig(wrong), (error: Error) =>
    /PORT/.test(error.message) && /JWT_SECRET/.test(error.message) && /DATABASE_URL/.test(error.message) && !error.message.includes('tiny'));
});

test('secrets that look like examples are refused', () => {
  assert.throws(() => readConfig({ JWT_SECRET: `change-me-${random()}` }), /JWT_SECRET/);
  assert.equal(readConfig({ JWT_SECRET: 'k'.repeat(43) }).jwtSecret?.length, 43);
});
