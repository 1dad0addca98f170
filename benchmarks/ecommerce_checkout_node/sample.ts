// Places one order for each buyer with a service that writes its statements down, and keeps what
// belongs to each of them. Prints how many statements a checkout takes.
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [base = '', record = ''] = process.argv.slice(2);
const buyers = JSON.parse(readFileSync('buyers.json', 'utf8')) as readonly { readonly token: string }[];

const lines = (): readonly unknown[] => readFileSync(record, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as unknown);

const recorded = [];
for (const { token } of buyers) {
  const before = lines().length;
  const key = randomUUID();
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, 'Idempotency-Key': key };
  const response = await fetch(`${base}/v1/orders`, { method: 'POST', headers, body: '{}' });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  const { id: orderId } = (await response.json()) as { readonly id: string };
  recorded.push({ key, orderId, statements: lines().slice(before) });
}
writeFileSync('recorded.json', JSON.stringify(recorded));
process.stdout.write(String(recorded.at(-1)?.statements.length));
