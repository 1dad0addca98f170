import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { decodeCursor } from './cursor.ts';
import { pageLimit, toPage } from './page.ts';

const rows = ['a', 'b', 'c'].map((sortKey) => ({ id: randomUUID(), sortKey, title: sortKey }));

test('one row more than the page holds means that there is a next page', () => {
  const { data, page } = toPage(rows, 2, 'title');
  assert.deepEqual(data.map(({ title }) => title), ['a', 'b']);
  assert.deepEqual(Object.keys(data[0] ?? {}), ['id', 'title']);
  assert.deepEqual(decodeCursor(page.nextCursor ?? '', 'title'), { key: 'b', id: rows[1]?.id });
});

test('a page that holds every row is the last one', () => {
  assert.equal(toPage(rows, 3, 'title').page.nextCursor, null);
  assert.equal(toPage([], 3, 'title').page.nextCursor, null);
});

test('a limit is 1 to 100, even if nothing has checked it before', () => {
  assert.equal(pageLimit(undefined), 20);
  assert.equal(pageLimit('7' as unknown as number), 7);
  for (const limit of [0, 101, 1.5, Number.NaN]) assert.throws(() => pageLimit(limit), { status: 400 });
});
