// The least that can answer the same from the same database: no validation, no logging, no
// authentication. It stands in the root of a generated project and runs that project's SQL.
import express from 'express';
import { Pool } from 'pg';
import { tasksIn } from './src/features/tasks/repository.ts';
import { orderOf } from './src/features/tasks/sorting.ts';
import type { Queryable } from './src/ports/database.ts';

const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
const db: Queryable = { query: async (text, values = []) => (await pool.query(text, [...values])).rows };
const tasks = tasksIn(db);
const app = express().disable('etag').disable('x-powered-by');

app.get('/health/ready', (_request, response) => void response.json({}));
app.get('/v1/tasks', async (request, response) => {
  const { projectId, limit } = request.query as { projectId: string; limit: string };
  const listing = { userId: request.get('x-user') ?? '', filter: { projectId }, sort: orderOf().name, after: undefined, limit: Number(limit) };
  response.json({ data: await tasks.list(listing) });
});
app.get('/v1/tasks/:id', async (request, response) => {
  response.json(await tasks.find(request.get('x-user') ?? '', request.params.id));
});
app.listen(Number(process.env['PORT']), '127.0.0.1');
