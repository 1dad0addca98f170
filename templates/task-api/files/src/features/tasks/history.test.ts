import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../ports/repositories.ts';
import { changesBetween } from './history.ts';

const moment = '2031-01-01T00:00:00.000Z';
const task = { title: 'a', description: '', status: 'todo', priority: 2, assigneeId: null, dueAt: new Date(moment), version: 1 } as Task;

test('only what changed is recorded', () => {
  const after = { ...task, title: 'b', dueAt: new Date(moment), version: 2 };
  assert.deepEqual(changesBetween(task, after), { title: { from: 'a', to: 'b' } });
});

test('a new task changed from nothing', () => {
  assert.deepEqual(changesBetween(undefined, task)['title'], { from: null, to: 'a' });
});
