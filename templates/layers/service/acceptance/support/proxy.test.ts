import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { openProxy, type Proxy } from './proxy.ts';

const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket));
let proxy: Proxy;

before(async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await openProxy(new URL(`redis://127.0.0.1:${(echo.address() as AddressInfo).port}`), 6379);
});

after(async () => {
  await proxy.close();
  echo.close();
});

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
  socket.on('error', () => {});
  await Promise.race([once(socket, 'connect'), once(socket, 'close').then(() => Promise.reject(new Error('refused')))]);
  return socket;
}

async function echoed(socket: Socket): Promise<boolean> {
  socket.write('x');
  return once(socket, 'data', { signal: AbortSignal.timeout(300) }).then(() => true, () => false);
}

test('it hands on, is gone when it is cut, and comes back where it was', async () => {
  const first = await open();
  assert.equal(await echoed(first), true);
  const ended = once(first, 'close');
  await proxy.cut();
  await ended;
  await assert.rejects(open());
  await proxy.restore();
  const second = await open();
  assert.equal(await echoed(second), true);
  second.destroy();
});

test('while it hangs it takes what comes and answers nothing', async () => {
  const early = await open();
  assert.equal(await echoed(early), true);
  proxy.hang();
  assert.equal(await echoed(early), false);
  const late = await open();
  assert.equal(await echoed(late), false);
  await proxy.restore();
  const healed = await open();
  assert.equal(await echoed(healed), true);
  for (const socket of [early, late, healed]) socket.destroy();
});
