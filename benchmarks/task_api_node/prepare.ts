// Makes a person with a project and tasks, and prints what it takes to read them.
import { randomUUID } from 'node:crypto';

const [base = '', tasks = '0'] = process.argv.slice(2);

async function call(path: string, body?: object, token = ''): Promise<Record<string, string>> {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
  const response = await fetch(`${base}/v1${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, string>;
}

const account = { email: `${randomUUID()}@example.test`, password: randomUUID() };
await call('/auth/register', account);
const { accessToken: token = '' } = await call('/auth/login', account);
const { id: user = '' } = await call('/users/me', undefined, token);
const { id: project = '' } = await call('/projects', { name: 'Benchmark' }, token);
let task = '';
for (let made = 0; made < Number(tasks); made += 1) {
  ({ id: task = '' } = await call('/tasks', { projectId: project, title: `Task ${made}`, description: 'x'.repeat(100) }, token));
}
process.stdout.write(JSON.stringify({ token, user, project, task }));
