import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { bodyOf, problemOf } from './support/http.ts';
import { until } from './support/poll.ts';
import { suite } from './support/suite.ts';
import { etag, listTasks, makeWorld, newProject, newTask, type Page, type Task, type World } from './world.ts';

const { leaf } = suite('task-crud', makeWorld);

interface Project {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly version: number;
  readonly archivedAt: string | null;
}

interface HistoryEvent {
  readonly version: number;
  readonly kind: string;
  readonly actorId: string;
  readonly changes: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;
}

const titles = (tasks: readonly Task[]) => tasks.map(({ title }) => title);
const ids = (tasks: readonly { readonly id: string }[]) => tasks.map(({ id }) => id);

leaf('projects', 'made, read, listed, renamed and deleted', async ({ api, random }) => {
  const name = random.word();
  const created = await api.post<Project>('/v1/projects', { name });
  const project = bodyOf(created, 201);
  assert.equal(created.headers.get('location'), `/v1/projects/${project.id}`);
  assert.equal(project.role, 'owner');
  assert.deepEqual(bodyOf(await api.get<Project>(`/v1/projects/${project.id}`)), project);
  assert.ok(ids(bodyOf(await api.get<Page<Project>>('/v1/projects?limit=100')).data).includes(project.id));
  const renamed = bodyOf(await api.patch<Project>(`/v1/projects/${project.id}`, { name: `${name} 2` }, etag(project.version)));
  assert.equal(renamed.name, `${name} 2`);
  problemOf(await api.patch(`/v1/projects/${project.id}`, { name }, etag(project.version)), 412);
  bodyOf(await api.delete(`/v1/projects/${project.id}`), 204);
  problemOf(await api.get(`/v1/projects/${project.id}`), 404);
});

leaf('projects', 'one with tasks is not deleted, and an archived one takes no new tasks', async (world) => {
  const { api } = world;
  const { projectId } = await newTask(world);
  problemOf(await api.delete(`/v1/projects/${projectId}`), 409);
  const archived = bodyOf(await api.patch<Project>(`/v1/projects/${projectId}`, { archived: true }, etag(1)));
  assert.notEqual(archived.archivedAt, null);
  problemOf(await api.post('/v1/tasks', { projectId, title: 'late' }), 409);
  bodyOf(await api.patch(`/v1/projects/${projectId}`, { archived: false }, etag(archived.version)));
  bodyOf(await api.post('/v1/tasks', { projectId, title: 'in time' }), 201);
});

leaf('create', 'answers 201 with Location, ETag and the defaults', async (world) => {
  const { api, userId } = world;
  const projectId = await newProject(world);
  const answer = await api.post<Task>('/v1/tasks', { projectId, title: 'Write the report' });
  const task = bodyOf(answer, 201);
  assert.equal(answer.headers.get('location'), `/v1/tasks/${task.id}`);
  assert.equal(answer.headers.get('etag'), '"1"');
  const { id: _id, createdAt: _created, updatedAt: _updated, ...rest } = task;
  const expected = { projectId, creatorId: userId, assigneeId: null, title: 'Write the report', description: '', status: 'todo', priority: 2 };
  assert.deepEqual(rest, { ...expected, dueAt: null, completedAt: null, version: 1 });
});

leaf('create', 'keeps every field as it was sent, in any script', async (world) => {
  const fields = { title: 'Überprüfung 検査 مراجعة 🧪', description: 'line\nbreak\t"quoted" \\ <b>&', status: 'in_progress', priority: 4 };
  const task = await newTask(world, { ...fields, assigneeId: world.userId, dueAt: '2031-05-06T09:08:07.123+02:00' });
  assert.partialDeepStrictEqual(task, { ...fields, assigneeId: world.userId, dueAt: '2031-05-06T07:08:07.123Z' });
});

leaf('create', 'a task that is made done knows when it was completed', async (world) => {
  assert.notEqual((await newTask(world, { status: 'done' })).completedAt, null);
});

leaf('create', 'only in a project that exists, and only for its members', async (world) => {
  const { api, stranger } = world;
  problemOf(await api.post('/v1/tasks', { projectId: randomUUID(), title: 'nowhere' }), 404);
  const projectId = await newProject(world);
  for (const assigneeId of [stranger.userId, randomUUID()]) {
    problemOf(await api.post('/v1/tasks', { projectId, title: 'for nobody', assigneeId }), 409);
  }
  assert.deepEqual(await listTasks(world, { projectId }), []);
});

leaf('create', 'thirty at once are thirty tasks', async (world) => {
  const projectId = await newProject(world);
  await Promise.all(Array.from({ length: 30 }, (_, index) => newTask(world, { projectId, title: `parallel ${index}` })));
  assert.equal(new Set(titles(await listTasks(world, { projectId }))).size, 30);
});

leaf('create', 'with an Idempotency-Key it happens once, however often it is sent', async (world) => {
  const { api } = world;
  const projectId = await newProject(world);
  const key = { 'Idempotency-Key': randomUUID() };
  const send = (title: string) => api.post<Task>('/v1/tasks', { projectId, title }, key);
  const burst = await Promise.all(Array.from({ length: 8 }, () => send('once')));
  assert.ok(burst.every(({ status }) => status === 201 || status === 409), burst.map(({ status }) => status).join());
  const again = await send('once');
  assert.deepEqual(new Set([...burst, again].flatMap(({ status, body }) => (status === 201 ? [body.id] : []))).size, 1);
  assert.equal(again.headers.get('location'), `/v1/tasks/${again.body.id}`);
  problemOf(await send('twice'), 422);
  assert.deepEqual(titles(await listTasks(world, { projectId })), ['once']);
});

leaf('read', 'gives back what was made, with its ETag', async (world) => {
  const task = await newTask(world);
  const answer = await world.api.get<Task>(`/v1/tasks/${task.id}`);
  assert.deepEqual(bodyOf(answer), task);
  assert.equal(answer.headers.get('etag'), '"1"');
  // Without a Cache-Control of ours, fetch would add one that asks for the whole answer.
  const unchanged = await world.api.get(`/v1/tasks/${task.id}`, { 'If-None-Match': '"1"', 'Cache-Control': 'max-age=0' });
  assert.equal(unchanged.status, 304);
});

leaf('read', 'a task that does not exist is a 404 problem, a wrong method a 405', async ({ api }) => {
  problemOf(await api.get(`/v1/tasks/${randomUUID()}`), 404);
  const answer = await api.put(`/v1/tasks/${randomUUID()}`, {});
  problemOf(answer, 405);
  assert.match(answer.headers.get('allow') ?? '', /\bPATCH\b/);
});

leaf('filter', 'by one status and by several', async (world) => {
  const projectId = await newProject(world);
  for (const status of ['todo', 'in_progress', 'done', 'cancelled']) await newTask(world, { projectId, title: status, status });
  assert.deepEqual(titles(await listTasks(world, { projectId, status: 'done' })), ['done']);
  const several = bodyOf(await world.api.get<Page<Task>>(`/v1/tasks?projectId=${projectId}&status=todo&status=cancelled`));
  assert.deepEqual(titles(several.data), ['todo', 'cancelled']);
});

leaf('filter', 'by assignee: a person, me, nobody', async (world) => {
  const projectId = await newProject(world);
  await newTask(world, { projectId, title: 'mine', assigneeId: world.userId });
  await newTask(world, { projectId, title: 'open' });
  assert.deepEqual(titles(await listTasks(world, { projectId, assignee: world.userId })), ['mine']);
  assert.deepEqual(titles(await listTasks(world, { projectId, assignee: 'me' })), ['mine']);
  assert.deepEqual(titles(await listTasks(world, { projectId, assignee: 'none' })), ['open']);
  assert.deepEqual(await listTasks(world, { projectId, assignee: randomUUID() }), []);
});

leaf('filter', 'by due range, from the first moment up to but without the last', async (world) => {
  const projectId = await newProject(world);
  for (const day of ['01', '02', '03']) await newTask(world, { projectId, title: day, dueAt: `2031-01-${day}T00:00:00.000Z` });
  await newTask(world, { projectId, title: 'never' });
  const due = (dueAfter: string, dueBefore: string) => listTasks(world, { projectId, dueAfter, dueBefore });
  assert.deepEqual(titles(await due('2031-01-01T00:00:00Z', '2031-01-03T00:00:00Z')), ['01', '02']);
  assert.deepEqual(titles(await due('2031-01-01T00:00:00.001Z', '2031-01-03T00:00:00.001Z')), ['02', '03']);
  assert.deepEqual(titles(await due('2031-01-02T01:00:00+01:00', '2031-01-02T01:00:01+01:00')), ['02']);
});

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
});

leaf('filter', 'several filters narrow each other', async (world) => {
  const [projectId, word] = [await newProject(world), world.random.word()];
  const wanted = { projectId, title: word, status: 'done', assigneeId: world.userId, dueAt: '2031-06-01T00:00:00.000Z' };
  await newTask(world, wanted);
  for (const other of [{ status: 'todo' }, { assigneeId: null }, { dueAt: null }, { title: 'other' }]) await newTask(world, { ...wanted, ...other });
  const found = await listTasks(world, { projectId, q: word, status: 'done', assignee: 'me', dueAfter: '2031-01-01T00:00:00Z' });
  assert.equal(found.length, 1);
});

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
});

leaf('sort', 'by what changed last', async (world) => {
  const projectId = await newProject(world);
  const [first, second] = [await newTask(world, { projectId }), await newTask(world, { projectId })];
  bodyOf(await world.api.patch(`/v1/tasks/${first.id}`, { priority: 0 }, etag(1)));
  assert.deepEqual(ids(await listTasks(world, { projectId, sort: '-updatedAt' })), [first.id, second.id]);
});

leaf('sort', 'by nothing else', async ({ api }) => {
  for (const sort of ['id', 'password_hash', 'title;drop table tasks', 'title desc', '--title', 'constructor', '']) {
    problemOf(await api.get(`/v1/tasks?sort=${encodeURIComponent(sort)}`), 400);
  }
});

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
});

leaf('page', 'a cursor that was not given out, or for another order, is 400', async (world) => {
  const projectId = await newProject(world);
  for (let n = 0; n < 3; n += 1) await newTask(world, { projectId });
  const { page } = bodyOf(await world.api.get<Page<Task>>(`/v1/tasks?projectId=${projectId}&limit=1&sort=title`));
  bodyOf(await world.api.get(`/v1/tasks?projectId=${projectId}&limit=1&sort=title&cursor=${page.nextCursor}`));
  problemOf(await world.api.get(`/v1/tasks?sort=-title&cursor=${page.nextCursor}`), 400);
  const forged = Buffer.from(JSON.stringify(['createdAt', "'; drop table tasks; --", randomUUID()])).toString('base64url');
  for (const cursor of ['x', 'bnVsbA', '%00', forged]) problemOf(await world.api.get(`/v1/tasks?cursor=${cursor}`), 400);
});

leaf('change', 'a merge patch: absent stays, null removes', async (world) => {
  const { api, userId } = world;
  const task = await newTask(world, { description: 'kept', assigneeId: userId, dueAt: '2031-01-01T00:00:00.000Z', priority: 1 });
  const answer = await api.patch<Task>(`/v1/tasks/${task.id}`, { title: 'New', assigneeId: null, dueAt: null }, etag(1));
  const changed = bodyOf(answer);
  assert.equal(answer.headers.get('etag'), '"2"');
  assert.deepEqual(changed, { ...task, title: 'New', assigneeId: null, dueAt: null, version: 2, updatedAt: changed.updatedAt });
  assert.deepEqual(bodyOf(await api.get<Task>(`/v1/tasks/${task.id}`)), changed);
});

leaf('change', 'done sets the moment of completion, and only reopening clears it', async (world) => {
  const { api } = world;
  const { id } = await newTask(world);
  const change = async (fields: object, version: number) => bodyOf(await api.patch<Task>(`/v1/tasks/${id}`, fields, etag(version)));
  const { completedAt } = await change({ status: 'done' }, 1);
  assert.notEqual(completedAt, null);
  assert.equal((await change({ priority: 0 }, 2)).completedAt, completedAt);
  assert.equal((await change({ status: 'in_progress' }, 3)).completedAt, null);
});

leaf('change', 'plain JSON is accepted as well, and what may not change does not', async (world) => {
  const task = await newTask(world);
  const plain = { ...etag(1), 'Content-Type': 'application/json' };
  bodyOf(await world.api.patch(`/v1/tasks/${task.id}`, { priority: 3 }, plain));
  await world.api.patch(`/v1/tasks/${task.id}`, { creatorId: world.stranger.userId, projectId: world.stranger.own.projectId, version: 99 }, etag(2));
  const { creatorId, projectId, version } = bodyOf(await world.api.get<Task>(`/v1/tasks/${task.id}`));
  assert.deepEqual([creatorId, projectId], [task.creatorId, task.projectId]);
  assert.ok(version <= 3);
});

leaf('lost-update', 'without If-Match 428, with an old one 412, and nothing changed', async (world) => {
  const { api } = world;
  const { id } = await newTask(world, { title: 'first' });
  problemOf(await api.patch(`/v1/tasks/${id}`, { title: 'blind' }), 428);
  bodyOf(await api.patch(`/v1/tasks/${id}`, { title: 'second' }, etag(1)));
  for (const stale of ['"1"', '"3"', 'W/"2"', '"abc"', '"1", "7"']) {
    problemOf(await api.patch(`/v1/tasks/${id}`, { title: 'stale' }, { 'If-Match': stale }), 412);
  }
  assert.partialDeepStrictEqual(bodyOf(await api.get<Task>(`/v1/tasks/${id}`)), { title: 'second', version: 2 });
  bodyOf(await api.patch(`/v1/tasks/${id}`, { title: 'any' }, { 'If-Match': '*' }));
});

leaf('lost-update', 'of twenty writers with one version exactly one wins', async (world) => {
  const { id } = await newTask(world);
  const letGo = await holdTask(world, id);
  const writes = Array.from({ length: 20 }, (_, n) => world.api.patch<Task>(`/v1/tasks/${id}`, { title: `writer ${n}` }, etag(1)));
  await until('writers wait for each other', async () => (await waitingForLocks(world)) > 1);
  await letGo();
  const answers = await Promise.all(writes);
  const winners = answers.filter(({ status }) => status === 200);
  assert.equal(winners.length, 1);
  assert.ok(answers.every(({ status }) => status === 200 || status === 412));
  const now = bodyOf(await world.api.get<Task>(`/v1/tasks/${id}`));
  assert.deepEqual([now.version, now.title], [2, winners[0]?.body.title]);
});

/** Holds a task as another transaction would, so that those who change it meet. Returns how to let go. */
async function holdTask({ database }: World, id: string): Promise<() => Promise<void>> {
  const holder = await database.connect();
  await holder.query('begin');
  await holder.query('select 1 from tasks where id = $1 for update', [id]);
  return () => holder.end();
}

async function waitingForLocks({ database }: World): Promise<number> {
  const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  return (await database.query(waiting)).length;
}

leaf('lost-update', 'a delete that names an old version is refused', async (world) => {
  const { id } = await newTask(world);
  bodyOf(await world.api.patch(`/v1/tasks/${id}`, { priority: 1 }, etag(1)));
  problemOf(await world.api.delete(`/v1/tasks/${id}`, etag(1)), 412);
  bodyOf(await world.api.delete(`/v1/tasks/${id}`, etag(2)), 204);
});

leaf('delete-restore', 'a deleted task is gone for everyone who asks, and kept in the database', async (world) => {
  const { api, database } = world;
  const { id, projectId } = await newTask(world);
  bodyOf(await api.delete(`/v1/tasks/${id}`), 204);
  problemOf(await api.get(`/v1/tasks/${id}`), 404);
  problemOf(await api.patch(`/v1/tasks/${id}`, { title: 'ghost' }, etag(2)), 404);
  problemOf(await api.delete(`/v1/tasks/${id}`), 404);
  assert.deepEqual(await listTasks(world, { projectId }), []);
  assert.equal((await database.query('select 1 from tasks where id = $1 and deleted_at is not null', [id])).length, 1);
});

leaf('delete-restore', 'a restored task is what it was, one version later', async (world) => {
  const { api } = world;
  const task = await newTask(world, { status: 'done', priority: 4 });
  problemOf(await api.post(`/v1/tasks/${task.id}/restore`), 409);
  bodyOf(await api.delete(`/v1/tasks/${task.id}`), 204);
  const restored = bodyOf(await api.post<Task>(`/v1/tasks/${task.id}/restore`));
  assert.deepEqual(restored, { ...task, version: 3, updatedAt: restored.updatedAt });
  assert.deepEqual(ids(await listTasks(world, { projectId: task.projectId })), [task.id]);
  problemOf(await api.post(`/v1/tasks/${task.id}/restore`), 409);
});

leaf('history', 'one line for each version, newest first, with who and what', async (world) => {
  const { api, userId } = world;
  const { id, title } = await newTask(world);
  bodyOf(await api.patch(`/v1/tasks/${id}`, { title: 'Renamed', priority: 0 }, etag(1)));
  bodyOf(await api.delete(`/v1/tasks/${id}`), 204);
  const whileDeleted = bodyOf(await api.get<Page<HistoryEvent>>(`/v1/tasks/${id}/history`));
  assert.equal(whileDeleted.data[0]?.kind, 'deleted');
  bodyOf(await api.post(`/v1/tasks/${id}/restore`));
  const { data } = bodyOf(await api.get<Page<HistoryEvent>>(`/v1/tasks/${id}/history`));
  assert.deepEqual(data.map(({ version, kind }) => [version, kind]), [[4, 'restored'], [3, 'deleted'], [2, 'updated'], [1, 'created']]);
  assert.deepEqual(data[2]?.changes, { title: { from: title, to: 'Renamed' }, priority: { from: 2, to: 0 } });
  assert.ok(data.every(({ actorId }) => actorId === userId));
});

leaf('history', 'in pages', async (world) => {
  const { id } = await newTask(world);
  for (let version = 1; version < 7; version += 1) bodyOf(await world.api.patch(`/v1/tasks/${id}`, { title: `v${version}` }, etag(version)));
  const seen: number[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const next: Page<HistoryEvent> = bodyOf(await world.api.get(`/v1/tasks/${id}/history?limit=3${cursor && `&cursor=${cursor}`}`));
    seen.push(...next.data.map(({ version }) => version));
    cursor = next.page.nextCursor;
  }
  assert.deepEqual(seen, [7, 6, 5, 4, 3, 2, 1]);
});

leaf('history', 'is written in the transaction of the change: neither happens without the other', async (world) => {
  const { api, database } = world;
  const task = await newTask(world);
  await database.query(`create function refuse_history() returns trigger language plpgsql as $$
    begin if new.task_id = '${task.id}' then raise exception 'no history today'; end if; return new; end $$`);
  await database.query('create trigger refuse_history before insert on task_events for each row execute function refuse_history()');
  try {
    problemOf(await api.patch(`/v1/tasks/${task.id}`, { title: 'unrecorded' }, etag(1)), 500);
    problemOf(await api.delete(`/v1/tasks/${task.id}`), 500);
  } finally {
    await database.query('drop trigger refuse_history on task_events');
  }
  assert.deepEqual(bodyOf(await api.get<Task>(`/v1/tasks/${task.id}`)), task);
});

leaf('isolation', "other people's tasks do not exist for us, in any way", async ({ api, stranger: { own }, database }) => {
  const task = `/v1/tasks/${own.taskId}`;
  const attempts = [
    api.get(task),
    api.patch(task, { title: 'stolen' }, { 'If-Match': '*' }),
    api.patch(task, { title: 'stolen' }, etag(9)),
    api.delete(task),
    api.post(`${task}/restore`),
    api.get(`${task}/history`),
  ];
  const unknown = problemOf(await api.get(`/v1/tasks/${randomUUID()}`), 404);
  for (const answer of await Promise.all(attempts)) {
    const problem = problemOf(answer, 404);
    assert.deepEqual([problem.code, problem.detail], [unknown.code, unknown.detail]);
  }
  const [row] = await database.query<{ title: string; version: number }>('select title, version from tasks where id = $1', [own.taskId]);
  assert.deepEqual(row, { title: 'Theirs', version: 1 });
});

leaf('isolation', "other people's projects do not exist for us either", async (world) => {
  const { api, userId, stranger: { own } } = world;
  const project = `/v1/projects/${own.projectId}`;
  const attempts = [
    api.get(project),
    api.patch(project, { name: 'stolen' }, { 'If-Match': '*' }),
    api.delete(project),
    api.get(`${project}/members`),
    api.put(`${project}/members/${userId}`, { role: 'owner' }),
    api.delete(`${project}/members/${userId}`),
    api.post('/v1/tasks', { projectId: own.projectId, title: 'intruder' }),
  ];
  for (const answer of await Promise.all(attempts)) problemOf(answer, 404);
  assert.deepEqual(await listTasks(world, { projectId: own.projectId }), []);
});

leaf('isolation', 'no list shows them', async (world) => {
  const { own, userId } = world.stranger;
  await newTask(world);
  assert.ok(!ids(await listTasks(world, { sort: '-createdAt' })).includes(own.taskId));
  assert.deepEqual(await listTasks(world, { assignee: userId }), []);
  assert.ok((await listTasks(world, { q: 'Theirs' })).every(({ id }) => id !== own.taskId));
  const projects = bodyOf(await world.api.get<Page<Project>>('/v1/projects?limit=100')).data;
  assert.ok(!ids(projects).includes(own.projectId));
});

leaf('roles', 'a viewer reads and changes nothing', async ({ api, userId, stranger }) => {
  const { projectId, taskId } = await stranger.share(userId, 'viewer');
  bodyOf(await api.get(`/v1/tasks/${taskId}`));
  const attempts = [
    api.patch(`/v1/tasks/${taskId}`, { title: 'mine now' }, etag(1)),
    api.delete(`/v1/tasks/${taskId}`),
    api.post('/v1/tasks', { projectId, title: 'extra' }),
    api.patch(`/v1/projects/${projectId}`, { name: 'mine now' }, etag(1)),
    api.put(`/v1/projects/${projectId}/members/${userId}`, { role: 'owner' }),
  ];
  for (const answer of await Promise.all(attempts)) problemOf(answer, 403);
});

leaf('roles', 'an editor changes tasks, and not the project', async ({ api, userId, stranger }) => {
  const { projectId, taskId } = await stranger.share(userId, 'editor');
  bodyOf(await api.patch(`/v1/tasks/${taskId}`, { title: 'edited' }, etag(1)));
  bodyOf(await api.post('/v1/tasks', { projectId, title: 'extra' }), 201);
  problemOf(await api.put(`/v1/projects/${projectId}/members/${userId}`, { role: 'owner' }), 403);
  problemOf(await api.delete(`/v1/projects/${projectId}`), 403);
});

leaf('roles', 'a member is added, given work, and leaves without it, on record', async (world) => {
  const { api, stranger } = world;
  const projectId = await newProject(world);
  const member = `/v1/projects/${projectId}/members/${stranger.userId}`;
  bodyOf(await api.put(member, { role: 'editor' }), 204);
  const { id } = await newTask(world, { projectId, assigneeId: stranger.userId });
  bodyOf(await api.delete(member), 204);
  problemOf(await api.delete(member), 404);
  assert.partialDeepStrictEqual(bodyOf(await api.get<Task>(`/v1/tasks/${id}`)), { assigneeId: null, version: 2 });
  const { data } = bodyOf(await api.get<Page<HistoryEvent>>(`/v1/tasks/${id}/history`));
  assert.deepEqual(data[0]?.changes, { assigneeId: { from: stranger.userId, to: null } });
});

leaf('roles', 'a project keeps an owner', async (world) => {
  const { api, userId } = world;
  const own = `/v1/projects/${await newProject(world)}/members/${userId}`;
  problemOf(await api.delete(own), 409);
  problemOf(await api.put(own, { role: 'viewer' }), 409);
  problemOf(await api.put(own.replace(userId, randomUUID()), { role: 'editor' }), 404);
});

for (const sort of ['createdAt', '-createdAt', 'title', '-priority', 'dueAt']) {
  leaf('cursor-walk', `by ${sort}, is exact while others insert`, async (world) => {
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
  });
}

// Few distinct values, so that most neighbours tie and only the id keeps them apart.
function anyTask({ random }: World): Partial<Task> {
  const dueAt = random.pick([null, '2031-01-01T00:00:00.000Z', '2031-01-02T00:00:00.000Z']);
  return { title: random.pick(['same', 'Same', 'other']), priority: random.int(0, 4), dueAt };
}
