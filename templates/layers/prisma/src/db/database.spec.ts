import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusalOf } from './refusals.ts';
import { sqlState } from './database-error.ts';
import { poolOnEngine } from './embedded.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import type { OpenPool } from './open.ts';
import { createPool, databaseOn } from './pool.ts';
import { PrismaService } from './prisma.service.ts';
import { sqlIn } from './sql.ts';
import { testDatabase } from '../testing/database.ts';

const log = pino({ level: 'silent' });
let prisma: PrismaService;

beforeAll(async () => {
  prisma = new PrismaService((await testDatabase()).pool);
});

const someEmail = () => `${randomUUID()}@example.test`;
const rejection = async (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => error);

describe('what the database refuses', () => {
  test('is known by its constraint, through models and through SQL', async () => {
    const email = someEmail();
    await prisma.user.create({ data: { email, passwordHash: '!' } });
    const errors = [
      await rejection(prisma.user.create({ data: { email: email.toUpperCase(), passwordHash: '!' } })),
      await rejection(prisma.$executeRaw`insert into users (email, password_hash) values (${email}, '!')`),
      await rejection(databaseOn((await testDatabase()).pool).query("insert into users (email, password_hash) values ($1, '!')", [email])),
    ];
    for (const error of errors) expect(refusalOf(error)).toMatchObject({ status: 409, code: 'user.email_taken' });
    expect(refusalOf(await rejection(prisma.user.create({ data: { email: 'none', passwordHash: '!' } })))).toMatchObject({ status: 400 });
  });

  test('what it cannot hold is the fault of whoever sent it', async () => {
    expect(refusalOf(await rejection(prisma.user.findFirst({ where: { email: 'a\0b' } })))?.status).toBe(400);
    expect(refusalOf(await rejection(prisma.user.findFirst({ where: { id: 'nonsense' } })))?.status).toBe(400);
  });

  test('no answer is "busy"', async () => {
    const away = new PrismaService(createPool('postgres://nobody@127.0.0.1:1/none', 1, log));
    expect(refusalOf(await rejection(away.user.findFirst()))?.status).toBe(503);
    expect(refusalOf(await rejection(away.transaction((tx) => tx.user.findFirst())))?.status).toBe(503);
  });
});

test('a statement is asked anew when a migration changed what it returns', async () => {
  const { pool } = await testDatabase();
  const db = databaseOn(pool);
  const table = `t_${randomUUID().replaceAll('-', '')}`;
  const question = `select held from ${table} where $1::int > 0`;
  await pool.query(`create table ${table} as select 1 as held`);
  expect(await db.query(question, [1])).toEqual([{ held: 1 }]);
  await pool.query(`alter table ${table} alter column held type text`);
  expect(await db.query(question, [1])).toEqual([{ held: '1' }]);
  await pool.query(`drop table ${table}`);
});

describe('a transaction', () => {
  test('is all or nothing, SQL and models alike', async () => {
    const email = someEmail();
    const failed = prisma.transaction(async (tx) => {
      await tx.user.create({ data: { email, passwordHash: '!' } });
      const [row] = await sqlIn(tx).query<{ n: number }>('select count(*)::int as n from users where email = $1', [email]);
      expect(row?.n).toBe(1);
      throw new Error('on second thoughts');
    });
    await expect(failed).rejects.toThrow('on second thoughts');
    expect(await prisma.user.count({ where: { email } })).toBe(0);
  });

  test('that lost a race is run again', async () => {
    let runs = 0;
    await prisma.transaction(async (tx) => {
      runs += 1;
      if (runs < 3) await tx.$executeRawUnsafe("do $$ begin raise exception 'lost' using errcode = '40001'; end $$");
    });
    expect(runs).toBe(3);
    const error = await rejection(prisma.transaction((tx) => tx.$executeRawUnsafe("do $$ begin raise exception 'lost' using errcode = '40P01'; end $$")));
    expect(sqlState(error)).toBe('40P01');
  });
});

describe('migrations', () => {
  let folder: string;
  let open: OpenPool;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'migrations-'));
    open = await poolOnEngine({});
    await add('1_one', 'create table one (id int); insert into one values (1);');
  });

  afterAll(async () => {
    await open.close();
    await rm(folder, { recursive: true });
  });

  async function add(name: string, sql: string): Promise<void> {
    await mkdir(path.join(folder, name), { recursive: true });
    await writeFile(path.join(folder, name, 'migration.sql'), sql);
  }

  test('are applied in order, once, and whole or not at all', async () => {
    expect(await pendingMigrations(open.pool, folder)).toEqual(['1_one']);
    expect(await migrate(open.pool, log, folder)).toEqual(['1_one']);
    expect(await migrate(open.pool, log, folder)).toEqual([]);
    await add('2_two', 'create table two (id int); select 1 / 0;');
    await expect(migrate(open.pool, log, folder)).rejects.toThrow(/2_two failed/);
    expect((await open.pool.query("select to_regclass('two') is null as gone")).rows[0]).toEqual({ gone: true });
    await add('2_two', 'create table two (id int);');
    expect(await migrate(open.pool, log, folder)).toEqual(['2_two']);
  });

  test('one that was edited after it was applied stops everything', async () => {
    await add('1_one', 'create table one (id bigint);');
    await expect(migrate(open.pool, log, folder)).rejects.toThrow(/1_one was edited/);
    await expect(pendingMigrations(open.pool, folder)).rejects.toThrow(/1_one was edited/);
  });

  test('one that Prisma gave up over has to be resolved first', async () => {
    await open.pool.query("insert into _prisma_migrations (id, checksum, migration_name) values ('x', 'x', '3_three')");
    await expect(migrate(open.pool, log, folder)).rejects.toThrow(/3_three failed before/);
  });
});
