import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { bodyOf, problemOf } from '../support/http.ts';
import { etag, leaf, newTask, type HistoryEvent, type Leaf, type Page, type Task } from '../world.ts';

export const reading: readonly Leaf[] = [
  leaf('read', 'gives back what was made, with its ETag', async (world) => {
    const task = await newTask(world);
    const answer = await world.api.get<Task>(`/v1/tasks/${task.id}`);
    assert.deepEqual(bodyOf(answer), task);
    assert.equal(answer.headers.get('etag'), '"1"');
    // Without a Cache-Control of ours, fetch would add one that asks for the whole answer.
    const unchanged = await world.api.get(`/v1/tasks/${task.id}`, { 'If-None-Match': '"1"', 'Cache-Control': 'max-age=0' });
    assert.equal(unchanged.status, 304);
  }),

  leaf('read', 'a task that does not exist is a 404 problem, a wrong method a 405', async ({ api }) => {
    problemOf(await api.get(`/v1/tasks/${randomUUID()}`), 404);
    const answer = await api.put(`/v1/tasks/${randomUUID()}`, {});
    problemOf(answer, 405);
    assert.match(answer.headers.get('allow') ?? '', /\bPATCH\b/);
  }),

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
  }),

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
  }),

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
  }),
];
