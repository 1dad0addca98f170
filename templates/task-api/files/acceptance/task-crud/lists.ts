import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { bodyOf, problemOf } from '../support/http.ts';
import { etag, ids, leaf, listTasks, newProject, newTask, titles, type Leaf, type Page, type Task, type World } from '../world.ts';

export const lists: readonly Leaf[] = [
  leaf('filter', 'by one status and by several', async (world) => {
    const projectId = await newProject(world);
    for (const status of ['todo', 'in_progress', 'done', 'cancelled']) await newTask(world, { projectId, title: status, status });
    assert.deepEqual(titles(await listTasks(world, { projectId, status: 'done' })), ['done']);
    const several = bodyOf(await world.api.get<Page<Task>>(`/v1/tasks?projectId=${projectId}&status=todo&status=cancelled`));
    assert.deepEqual(titles(several.data), ['todo', 'cancelled']);
  }),

  leaf('filter', 'by assignee: a person, me, nobody', async (world) => {
    const projectId = await newProject(world);
    await newTask(world, { projectId, title: 'mine', assigneeId: world.userId });
    await newTask(world, { projectId, title: 'open' });
    assert.deepEqual(titles(await listTasks(world, { projectId, assignee: world.userId })), ['mine']);
    assert.deepEqual(titles(await listTasks(world, { projectId, assignee: 'me' })), ['mine']);
    assert.deepEqual(titles(await listTasks(world, { projectId, assignee: 'none' })), ['open']);
    assert.deepEqual(await listTasks(world, { projectId, assignee: randomUUID() }), []);
  }),

  leaf('filter', 'by due range, from the first moment up to but without the last', async (world) => {
    const projectId = await newProject(world);
    for (const day of ['01', '02', '03']) await newTask(world, { projectId, title: day, dueAt: `2031-01-${day}T00:00:00.000Z` });
    await newTask(world, { projectId, title: 'never' });
    const due = (dueAfter: string, dueBefore: string) => listTasks(world, { projectId, dueAfter, dueBefore });
    assert.deepEqual(titles(await due('2031-01-01T00:00:00Z', '2031-01-03T00:00:00Z')), ['01', '02']);
    assert.deepEqual(titles(await due('2031-01-01T00:00:00.001Z', '2031-01-03T00:00:00.001Z')), ['02', '03']);
    assert.deepEqual(titles(await due('2031-01-02T01:00:00+01:00', '2031-01-02T01:00:01+01:00')), ['02']);
  }),

  leaf('filter', 'by words in title or description, whatever is typed', async (world) => {
    const [projectId, word] = [await newProject(world), world.random.word()];
    await newTask(world, { projectId, title: `Buy ${word} today` });
    await newTask(world, { projectId, title: 'second', description: `about ${word}` });
    await newTask(world, { projectId, title: 'third' });
    assert.deepEqual(new Set(titles(await listTasks(world, { projectId, q: word.toUpperCase() }))), new Set([`Buy ${word} today`, 'second']));
    assert.deepEqual(titles(await listTasks(world, { projectId, q: `${word} -about` })), [`Buy ${word} today`]);
    for (const q of ["' or 1=1 --", '"unclosed', '& | ! ( ) :*', "'); drop table tasks; --", '\\']) {
      assert.deepEqual(await listTasks(world, { projectId, q }), [], `searching for ${q}`);
    }
  }),

  leaf('filter', 'several filters narrow each other', async (world) => {
    const [projectId, word] = [await newProject(world), world.random.word()];
    const wanted = { projectId, title: word, status: 'done', assigneeId: world.userId, dueAt: '2031-06-01T00:00:00.000Z' };
    await newTask(world, wanted);
    for (const other of [{ status: 'todo' }, { assigneeId: null }, { dueAt: null }, { title: 'other' }]) await newTask(world, { ...wanted, ...other });
    const found = await listTasks(world, { projectId, q: word, status: 'done', assignee: 'me', dueAfter: '2031-01-01T00:00:00Z' });
    assert.equal(found.length, 1);
  }),

  leaf('sort', 'by each field of the list, both ways', async (world) => {
    const projectId = await newProject(world);
    for (const n of world.random.shuffle([0, 1, 2, 3, 4])) {
      await newTask(world, { projectId, title: `${n % 2 ? 'B' : 'a'}${n}`, priority: n, dueAt: n === 4 ? null : `203${n}-01-01T00:00:00.000Z` });
    }
    const keys = {
      createdAt: (task: Task) => task.createdAt,
      priority: (task: Task) => String(task.priority),
      dueAt: (task: Task) => task.dueAt ?? 'never',
      title: (task: Task) => task.title.toLowerCase(),
    };
    for (const [sort, key] of Object.entries(keys)) {
      const sorted = (await listTasks(world, { projectId, sort })).map(key);
      assert.deepEqual(sorted, sorted.toSorted(), `sorted by ${sort}`);
      assert.deepEqual((await listTasks(world, { projectId, sort: `-${sort}` })).map(key), sorted.toReversed(), `sorted by -${sort}`);
    }
  }),

  leaf('sort', 'by what changed last', async (world) => {
    const projectId = await newProject(world);
    const [first, second] = [await newTask(world, { projectId }), await newTask(world, { projectId })];
    bodyOf(await world.api.patch(`/v1/tasks/${first.id}`, { priority: 0 }, etag(1)));
    assert.deepEqual(ids(await listTasks(world, { projectId, sort: '-updatedAt' })), [first.id, second.id]);
  }),

  leaf('sort', 'by nothing else', async ({ api }) => {
    for (const sort of ['id', 'password_hash', 'title;drop table tasks', 'title desc', '--title', 'constructor', '']) {
      problemOf(await api.get(`/v1/tasks?sort=${encodeURIComponent(sort)}`), 400);
    }
  }),

  leaf('page', 'as long as asked for, at most 100, and the last has no cursor', async (world) => {
    const projectId = await newProject(world);
    await Promise.all(Array.from({ length: 25 }, () => newTask(world, { projectId })));
    const page = async (query: string) => bodyOf(await world.api.get<Page<Task>>(`/v1/tasks?projectId=${projectId}${query}`));
    assert.equal((await page('')).data.length, 20);
    assert.notEqual((await page('&limit=24')).page.nextCursor, null);
    assert.equal((await page('&limit=25')).page.nextCursor, null);
    assert.equal((await page('&limit=100')).data.length, 25);
    for (const limit of ['0', '101', '-1', '1.5', 'all', '1e2']) {
      problemOf(await world.api.get(`/v1/tasks?limit=${limit}`), 400);
    }
  }),

  leaf('page', 'a cursor that was not given out, or for another order, is 400', async (world) => {
    const projectId = await newProject(world);
    for (let n = 0; n < 3; n += 1) await newTask(world, { projectId });
    const { page } = bodyOf(await world.api.get<Page<Task>>(`/v1/tasks?projectId=${projectId}&limit=1&sort=title`));
    bodyOf(await world.api.get(`/v1/tasks?projectId=${projectId}&limit=1&sort=title&cursor=${page.nextCursor}`));
    problemOf(await world.api.get(`/v1/tasks?sort=-title&cursor=${page.nextCursor}`), 400);
    const forged = Buffer.from(JSON.stringify(['createdAt', "'; drop table tasks; --", randomUUID()])).toString('base64url');
    for (const cursor of ['x', 'bnVsbA', '%00', forged]) problemOf(await world.api.get(`/v1/tasks?cursor=${cursor}`), 400);
  }),

  ...['createdAt', '-createdAt', 'title', '-priority', 'dueAt'].map((sort) => leaf('cursor-walk', `by ${sort}, is exact while others insert`, (world) => walk(world, sort))),
];

async function walk(world: World, sort: string): Promise<void> {
  const projectId = await newProject(world);
  const add = () => newTask(world, { projectId, ...anyTask(world) });
  const before = ids(await Promise.all(Array.from({ length: 40 }, add)));
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = `projectId=${projectId}&sort=${sort}&limit=${world.random.int(3, 9)}${cursor && `&cursor=${cursor}`}`;
    const [answer] = await Promise.all([world.api.get<Page<Task>>(`/v1/tasks?${query}`), add(), add()]);
    const next: Page<Task> = bodyOf(answer);
    seen.push(...ids(next.data));
    cursor = next.page.nextCursor;
    assert.ok(seen.length < 1000, 'the walk ends');
  }
  assert.equal(new Set(seen).size, seen.length, 'nothing was seen twice');
  assert.deepEqual(before.filter((id) => !seen.includes(id)), [], 'nothing that was there was missed');
}

// Few distinct values, so that most neighbours tie and only the id keeps them apart.
function anyTask({ random }: World): Partial<Task> {
  const dueAt = random.pick([null, '2031-01-01T00:00:00.000Z', '2031-01-02T00:00:00.000Z']);
  return { title: random.pick(['same', 'Same', 'other']), priority: random.int(0, 4), dueAt };
}
