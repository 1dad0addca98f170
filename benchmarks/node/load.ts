// Sends one GET a number of times over some connections, and prints the milliseconds that took.
// On bare sockets: what the generator costs is not left for the service on a small machine.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const [address = '', requests = '0', connections = '1', ...headers] = process.argv.slice(2);
const { hostname, port, pathname, search } = new URL(address);
const REQUEST = [`GET ${pathname}${search} HTTP/1.1`, `Host: ${hostname}`, ...headers, '', ''].join('\r\n');
let left = Number(requests);

async function send(socket: Socket): Promise<void> {
  let received = '';
  const answered = Promise.withResolvers<void>();
  const next = () => {
    if (left <= 0) return answered.resolve();
    left -= 1;
    received = '';
    socket.write(REQUEST);
  };
  socket.setEncoding('latin1').on('data', (piece: string) => {
    received += piece;
    const head = received.indexOf('\r\n\r\n');
    if (head < 0) return;
    if (!received.startsWith('HTTP/1.1 200 ')) return answered.reject(new Error(received));
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1]);
    if (received.length >= head + 4 + length) next();
  });
  socket.once('error', answered.reject).once('close', () => answered.reject(new Error('the service hung up')));
  next();
  await answered.promise;
}

const sockets = await Promise.all(
  Array.from({ length: Number(connections) }, async () => {
    const socket = connect(Number(port), hostname).setNoDelay();
    await once(socket, 'connect');
    return socket;
  }),
);
const begun = performance.now();
await Promise.all(sockets.map(send));
process.stdout.write(String(performance.now() - begun), () => process.exit(0));
