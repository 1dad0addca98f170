// Places orders, over one connection for each buyer, and prints the milliseconds that took. On bare
// sockets: what the generator costs is not left for the service on a small machine.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

const [address = '', orders = '0'] = process.argv.slice(2);
const { hostname, port } = new URL(address);
const buyers = JSON.parse(readFileSync('buyers.json', 'utf8')) as readonly { readonly token: string }[];
let left = Number(orders);

function request(token: string): string {
  const headers = [`Host: ${hostname}`, `Authorization: Bearer ${token}`, `Idempotency-Key: ${randomUUID()}`, 'Content-Type: application/json', 'Content-Length: 2'];
  return ['POST /v1/orders HTTP/1.1', ...headers, '', '{}'].join('\r\n');
}

async function buy(socket: Socket, token: string): Promise<void> {
  let received = '';
  const answered = Promise.withResolvers<void>();
  const next = () => {
    if (left <= 0) return answered.resolve();
    left -= 1;
    received = '';
    socket.write(request(token));
  };
  socket.setEncoding('latin1').on('data', (piece: string) => {
    received += piece;
    const head = received.indexOf('\r\n\r\n');
    if (head < 0) return;
    if (!received.startsWith('HTTP/1.1 201 ')) return answered.reject(new Error(received));
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1]);
    if (received.length >= head + 4 + length) next();
  });
  socket.once('error', answered.reject).once('close', () => answered.reject(new Error('the service hung up')));
  next();
  await answered.promise;
}

const sockets = await Promise.all(
  buyers.map(async ({ token }) => {
    const socket = connect(Number(port), hostname).setNoDelay();
    await once(socket, 'connect');
    return { socket, token };
  }),
);
const begun = performance.now();
await Promise.all(sockets.map(({ socket, token }) => buy(socket, token)));
process.stdout.write(String(performance.now() - begun), () => process.exit(0));
