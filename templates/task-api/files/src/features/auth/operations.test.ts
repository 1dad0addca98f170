import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testContext } from '../../testing/service.ts';
import { api } from './index.ts';
import { serveAuth, someEmail, somePassword, type Sent } from './testing.ts';

const operations = api.flatMap((part) => part.operations);

test('answers look as they are described', async () => {
  const call = await serveAuth(await testContext());

  async function answerOf(id: string, sent: Sent = {}): Promise<Record<string, string>> {
    const operation = operations.find((known) => known.id === id);
    const [expected] = operation?.answers ?? [];
    const { status, headers, body } = await call(operation?.method.toUpperCase() ?? '', operation?.path.replace('/v1', '') ?? '', sent);
    assert.equal(status, expected?.status, id);
    for (const header of expected?.headers ?? []) assert.ok(headers.has(header), `${id}: ${header}`);
    assert.deepEqual(expected?.content?.schema.safeParse(body).error, undefined, id);
    return body;
  }

  const [email, password] = [someEmail(), somePassword()];
  await answerOf('register', { body: { email, password } });
  const { refreshToken } = await answerOf('login', { body: { email, password } });
  const { accessToken: token } = await answerOf('refresh', { body: { refreshToken } });
  await answerOf('listSessions', { token });
  await answerOf('getProfile', { token });
  await answerOf('changeProfile', { token, body: { name: 'Ada' }, ifMatch: '"1"' });
  const changed = await answerOf('changePassword', { token, body: { currentPassword: password, newPassword: somePassword() } });
  await answerOf('logout', { token: changed['accessToken'] });
});
