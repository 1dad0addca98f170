import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { bodyOf, problemOf, type Answer } from './support/http.ts';
import { suite, type Kit } from './support/suite.ts';
import { etag, makeWorld, newProject, newTask, type Task, type World } from './world.ts';

const { leaf } = suite('validation', async (kit: Kit): Promise<World & { readonly projectId: string }> => {
  const world = await makeWorld(kit);
  const projectId = await newProject(world);
  const probe = await world.api.post('/v1/tasks', { projectId, title: 'probe', undeclared: true });
  if (probe.status !== 400) throw new Error('validation is not built yet: an undeclared key was accepted');
  return { ...world, projectId };
});

const JSON_TYPE = { 'Content-Type': 'application/json' };
const LIMIT = 100 * 1024;

function pointersOf(answer: Answer<unknown>, status = 400): readonly string[] {
  const { errors = [] } = problemOf(answer, status);
  assert.ok(errors.every(({ detail }) => detail.length > 0), 'each error says what is wrong');
  return errors.map(({ pointer }) => pointer);
}

const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  projectId: [null, 7, 'x', '', {}],
  title: [null, 7, '', '   ', 'x'.repeat(201), ['a'], {}],
  description: [null, 7, 'x'.repeat(10_001), []],
  status: [null, 'soon', 'TODO', '', 1],
  priority: [null, -1, 5, 1.5, '2', true],
  assigneeId: ['me', 'x', 7, []],
  dueAt: ['tomorrow', '2031-01-01', '2031-02-30T00:00:00Z', '2031-01-01T00:00:00', 1_900_000_000, {}],
};

leaf('body', 'a wrong value of any field of a task is pointed at', async ({ api, projectId }) => {
  for (const [field, values] of Object.entries(WRONG)) {
    for (const value of values) {
      const answer = await api.post('/v1/tasks', { projectId, title: 'fine', [field]: value });
      assert.deepEqual(pointersOf(answer), [`/body/${field}`], `${field}: ${JSON.stringify(value)}`);
    }
  }
});

leaf('body', 'so it is in a patch, and nothing is changed', async (world) => {
  const task = await newTask(world);
  const { projectId: _fixed, ...changeable } = WRONG;
  for (const [field, values] of Object.entries(changeable)) {
    const answer = await world.api.patch(`/v1/tasks/${task.id}`, { priority: 0, [field]: values.at(-1) }, etag(1));
    assert.deepEqual(pointersOf(answer), [`/body/${field}`]);
  }
  assert.deepEqual(bodyOf(await world.api.get<Task>(`/v1/tasks/${task.id}`)), task);
});

leaf('body', 'all mistakes are told at once', async ({ api }) => {
  const answer = await api.post('/v1/tasks', { projectId: 'x', title: '', status: 'soon', priority: 9 });
  assert.deepEqual(new Set(pointersOf(answer)), new Set(['/body/projectId', '/body/title', '/body/status', '/body/priority']));
  assert.deepEqual(pointersOf(await api.post('/v1/tasks', {})), ['/body/projectId', '/body/title']);
});

leaf('body', 'what is no object is refused as a whole, and so is nothing', async ({ api }) => {
  for (const body of ['null', '[]', '"text"', '7', 'true']) {
    assert.deepEqual(pointersOf(await api.send('POST', '/v1/tasks', body, JSON_TYPE)), ['/body'], body);
  }
  assert.deepEqual(pointersOf(await api.post('/v1/tasks')), ['/body']);
});

leaf('body', 'projects and members are looked at as closely', async ({ api, projectId, stranger }) => {
  for (const name of [null, '', ' ', 7, 'x'.repeat(101)]) assert.deepEqual(pointersOf(await api.post('/v1/projects', { name })), ['/body/name']);
  assert.deepEqual(pointersOf(await api.patch(`/v1/projects/${projectId}`, { archived: 'yes' }, etag(1))), ['/body/archived']);
  const member = `/v1/projects/${projectId}/members/${stranger.userId}`;
  assert.deepEqual(pointersOf(await api.put(member, { role: 'king' })), ['/body/role']);
});

leaf('unknown-keys', 'an undeclared key is refused by name, wherever it stands', async ({ api, projectId }) => {
  const answer = await api.post('/v1/tasks', { projectId, title: 'fine', isAdmin: true, 'a/b~c': 1 });
  assert.deepEqual(new Set(pointersOf(answer)), new Set(['/body/isAdmin', '/body/a~1b~0c']));
  assert.deepEqual(pointersOf(await api.get('/v1/tasks?user_id=1')), ['/query/user_id']);
  assert.deepEqual(pointersOf(await api.post('/v1/projects', { name: 'x', owner: 1 })), ['/body/owner']);
});

leaf('unknown-keys', 'what the service decides cannot be sent', async (world) => {
  const task = await newTask(world);
  for (const key of ['id', 'version', 'creatorId', 'projectId', 'createdAt', 'completedAt', 'deletedAt', 'search']) {
    assert.deepEqual(pointersOf(await world.api.patch(`/v1/tasks/${task.id}`, { [key]: null }, etag(1))), [`/body/${key}`]);
  }
});

leaf('unknown-keys', 'names that mean something to JavaScript are no exception', async ({ api, projectId }) => {
  for (const key of ['__proto__', 'constructor', 'toString']) {
    const body = `{"projectId":"${projectId}","title":"fine","${key}":{"status":"done"}}`;
    const answer = await api.send<Task>('POST', '/v1/tasks', body, JSON_TYPE);
    // JSON.parse makes `__proto__` an own key; it is refused, or dropped without any effect.
    if (key !== '__proto__') assert.deepEqual(pointersOf(answer), [`/body/${key}`]);
    else assert.ok(answer.status === 400 || answer.body.status === 'todo');
  }
});

leaf('query', 'a wrong value of any parameter is pointed at', async ({ api }) => {
  const wrong = {
    limit: ['0', '101', 'x', '', '1.5', '-1', '1e1', ' 5'],
    cursor: ['x'.repeat(1001)],
    sort: ['id', 'Title', '+title'],
    status: ['soon', ''],
    assignee: ['you', ''],
    projectId: ['x', ''],
    dueAfter: ['yesterday', '2031-01-01'],
    q: ['', ' ', 'x'.repeat(201)],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const answer = await api.get(`/v1/tasks?${name}=${encodeURIComponent(value)}`);
      assert.deepEqual(pointersOf(answer), [`/query/${name}`], `${name}=${value}`);
    }
  }
});

leaf('query', 'a parameter that is sent twice is not guessed at', async ({ api }) => {
  assert.deepEqual(pointersOf(await api.get('/v1/tasks?limit=1&limit=2')), ['/query/limit']);
  assert.deepEqual(pointersOf(await api.get('/v1/tasks?q=a&q=b')), ['/query/q']);
});

leaf('path', 'what is no id is 400 on every route that takes one', async ({ api, projectId }) => {
  for (const id of ['7', 'x', "'%20or%201=1", '..%2f..', '%00', 'null']) {
    const answers = await Promise.all([
      api.get(`/v1/tasks/${id}`),
      api.patch(`/v1/tasks/${id}`, { title: 'x' }, etag(1)),
      api.delete(`/v1/tasks/${id}`),
      api.post(`/v1/tasks/${id}/restore`),
      api.get(`/v1/tasks/${id}/history`),
      api.get(`/v1/projects/${id}`),
    ]);
    for (const answer of answers) assert.deepEqual(pointersOf(answer), ['/path/id']);
    assert.deepEqual(pointersOf(await api.delete(`/v1/projects/${projectId}/members/${id}`)), ['/path/userId']);
  }
});

leaf('path', 'an address that cannot be decoded is 400, not 500', async ({ api }) => {
  for (const path of ['/v1/tasks/%', '/v1/tasks/%ff', '/v1/projects/%c0%af']) problemOf(await api.get(path), 400);
});

leaf('media-type', 'anything but JSON is 415, and says what is accepted', async ({ api, projectId }) => {
  const body = JSON.stringify({ projectId, title: 'fine' });
  const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'application/jsonx', 'application/merge-patch+json'];
  for (const type of types) {
    const answer = await api.send('POST', '/v1/tasks', body, { 'Content-Type': type });
    problemOf(answer, 415);
    assert.match(answer.headers.get('accept') ?? '', /application\/json/, type);
  }
  bodyOf(await api.send('POST', '/v1/tasks', body, { 'Content-Type': 'Application/JSON; charset=UTF-8' }), 201);
});

leaf('media-type', 'neither another character set nor an unknown compression is read', async ({ api, projectId }) => {
  const body = JSON.stringify({ projectId, title: 'fine' });
  problemOf(await api.send('POST', '/v1/tasks', body, { 'Content-Type': 'application/json; charset=iso-8859-1' }), 415);
  problemOf(await api.send('POST', '/v1/tasks', body, { ...JSON_TYPE, 'Content-Encoding': 'compress' }), 415);
});

leaf('size', 'over 100 kB is 413, with or without a length, packed or not', async ({ api, projectId }) => {
  const large = JSON.stringify({ projectId, title: 'fine', description: 'x'.repeat(LIMIT) });
  problemOf(await api.send('POST', '/v1/tasks', large, JSON_TYPE), 413);
  problemOf(await api.send('POST', '/v1/tasks', gzipSync(large), { ...JSON_TYPE, 'Content-Encoding': 'gzip' }), 413);
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x20));
  assert.ok(bomb.length < LIMIT);
  problemOf(await api.send('POST', '/v1/tasks', bomb, { ...JSON_TYPE, 'Content-Encoding': 'gzip' }), 413);
});

leaf('size', 'under it the body is read', async ({ api, projectId }) => {
  const body = `${' '.repeat(LIMIT - 200)}${JSON.stringify({ projectId, title: 'fine' })}`;
  bodyOf(await api.send('POST', '/v1/tasks', body, JSON_TYPE), 201);
});

leaf('malformed', 'what is no JSON is 400 and is not repeated in the answer', async ({ api }) => {
  for (const body of ['{', '{"title":', "{'title':'private-word'}", '{"title":"private-word"', 'private-word', '{"a":1}{"b":2}', 'NaN', '{"a":01}', '\uFEFF{']) {
    const answer = await api.send('POST', '/v1/tasks', body, JSON_TYPE);
    assert.deepEqual(pointersOf(answer), ['/body'], body);
    assert.doesNotMatch(answer.text, /private-word/);
  }
});

leaf('malformed', 'JSON that is nested too deep or too large in number is refused', async ({ api, projectId }) => {
  const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;
  problemOf(await api.send('POST', '/v1/tasks', deep, JSON_TYPE), 400);
  const huge = `{"projectId":"${projectId}","title":"fine","priority":1e999}`;
  assert.deepEqual(pointersOf(await api.send('POST', '/v1/tasks', huge, JSON_TYPE)), ['/body/priority']);
});

leaf('hostile-text', 'text of any kind is kept to the letter', async (world) => {
  const { projectId } = world;
  const texts = ["'; drop table tasks; --", '<script>alert(1)</script>', '{{7*7}}${7*7}', '../../etc/passwd', '\u202Egnp.exe', '👩‍👩‍👧‍👦'.repeat(18), 'e\u0301', '\u0001\u001B[31m', '\uFFFD\uFFFE'];
  for (const title of texts) {
    const { id } = await newTask(world, { projectId, title, description: title });
    const { title: kept, description } = bodyOf(await world.api.get<Task>(`/v1/tasks/${id}`));
    assert.deepEqual([kept, description], [title, title]);
  }
});

leaf('hostile-text', 'text that PostgreSQL cannot keep is refused where it stands', async ({ api, projectId }) => {
  for (const title of ['a\0b', 'half \uD83D pair', '\uDE00']) {
    assert.deepEqual(pointersOf(await api.post('/v1/tasks', { projectId, title })), ['/body/title']);
    assert.deepEqual(pointersOf(await api.post('/v1/tasks', { projectId, title: 'x', description: title })), ['/body/description']);
  }
  assert.deepEqual(pointersOf(await api.get('/v1/tasks?q=a%00b')), ['/query/q']);
});

leaf('constraints', 'what no schema can know is refused as a conflict', async ({ api, projectId, stranger }) => {
  const answer = await api.post('/v1/tasks', { projectId, title: 'fine', assigneeId: stranger.userId });
  assert.deepEqual(pointersOf(answer, 409), ['/body/assigneeId']);
  problemOf(await api.put(`/v1/projects/${projectId}/members/${randomUUID()}`, { role: 'viewer' }), 404);
});

leaf('constraints', 'the database refuses what gets past the service', async (world) => {
  const { database, stranger, userId } = world;
  const { id } = await newTask(world);
  const statements: readonly (readonly [string, readonly unknown[]])[] = [
    ["update tasks set title = ' ' where id = $1", [id]],
    ["update tasks set title = repeat('x', 201) where id = $1", [id]],
    ["update tasks set status = 'soon' where id = $1", [id]],
    ["update tasks set status = 'done' where id = $1", [id]],
    ['update tasks set priority = 5 where id = $1', [id]],
    ['update tasks set assignee_id = $2 where id = $1', [id, stranger.userId]],
    ['update tasks set project_id = $2 where id = $1', [id, randomUUID()]],
    ["insert into task_events (task_id, version, kind) values ($1, 1, 'updated')", [id]],
    ["update project_members set role = 'king' where user_id = $1", [userId]],
    ["insert into users (email, password_hash) select upper(email), '!' from users where id = $1", [userId]],
    ["insert into users (email, password_hash) values ('no address', '!')", []],
  ];
  for (const [text, values] of statements) {
    await assert.rejects(database.query(text, values), { severity: 'ERROR', code: /^23/ }, text);
  }
});

leaf('no-500', 'two hundred hostile requests, and none of them is our fault', async (world) => {
  const task = await newTask(world);
  for (let round = 0; round < 20; round += 1) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => hostileRequest(world, task)));
    for (const answer of answers) {
      assert.ok(answer.status < 500, `${answer.status}: ${answer.text}`);
      if (answer.status >= 400) problemOf(answer, answer.status);
    }
  }
  bodyOf(await world.api.get('/health/ready'));
});

function hostileRequest({ api, random }: World, { id, projectId }: Task): Promise<Answer<unknown>> {
  const junk = () => random.pick<unknown>([null, '', 'x'.repeat(5000), '\0', -1, 2 ** 53, 1e308, {}, [], [[]], true, '0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', randomUUID(), '\uD800']);
  const fields = ['projectId', 'title', 'description', 'status', 'priority', 'assigneeId', 'dueAt', 'role', 'name', 'archived', '__proto__', 'constructor'] as const;
  const body = { ...(random.int(0, 1) && { projectId, title: 'x' }), ...Object.fromEntries(Array.from({ length: random.int(0, 3) }, () => [random.pick(fields), junk()])) };
  const query = new URLSearchParams([[random.pick(['limit', 'cursor', 'sort', 'status', 'assignee', 'dueAfter', 'dueBefore', 'q', 'projectId', 'x[y]']), String(junk()).replaceAll('\uD800', '?')]]);
  const ifMatch = { 'If-Match': random.pick(['"1"', '*', '"', 'W/"1"', '"99999999999999999999"', ',,,', '"1",']) };
  return random.pick([
    () => api.post('/v1/tasks', body),
    () => api.patch(`/v1/tasks/${id}`, body, ifMatch),
    () => api.get(`/v1/tasks?${query}`),
    () => api.get(`/v1/tasks/${id}/history?${query}`),
    () => api.post('/v1/projects', body),
    () => api.patch(`/v1/projects/${projectId}`, body, ifMatch),
    () => api.put(`/v1/projects/${projectId}/members/${randomUUID()}`, body),
    () => api.delete(`/v1/tasks/${encodeURIComponent(random.word())}`, ifMatch),
  ])();
}
