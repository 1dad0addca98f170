import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * Stands between the service and a server, to be an outage of it. `cut` ends what is connected and
 * refuses what comes, as a server that is gone; `hang` takes bytes and hands nothing on, as a
 * network that is gone; `restore` makes everything as it was.
 */
export interface Proxy {
  /** The address that the service is given. */
  readonly url: string;
  cut(): Promise<void>;
  hang(): void;
  restore(): Promise<void>;
  close(): Promise<void>;
}

export async function openProxy(target: URL, defaultPort: number): Promise<Proxy> {
  const link = new Link(target, defaultPort);
  const { port } = await link.listen(0);
  return Object.freeze({
    url: Object.assign(new URL(target), { hostname: '127.0.0.1', port: String(port) }).href,
    cut: () => link.cut(),
    hang: () => link.hang(),
    restore: async () => {
      // What hung cannot be put together again: bytes may be missing.
      await link.cut();
      await link.listen(port);
    },
    close: () => link.cut(),
  });
}

class Link {
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly #server: Server;
  #hanging = false;

  constructor(target: URL, defaultPort: number) {
    this.#server = createServer((near) => this.#join(near, connect({ host: target.hostname, port: Number(target.port) || defaultPort })));
  }

  async listen(port: number): Promise<AddressInfo> {
    this.#hanging = false;
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return this.#server.address() as AddressInfo;
  }

  async cut(): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, 'close') : undefined;
    if (closed) this.#server.close();
    for (const [near] of this.#pairs) near.destroy();
    await closed;
  }

  hang(): void {
    this.#hanging = true;
    for (const socket of [...this.#pairs].flat()) socket.unpipe().pause();
  }

  #join(near: Socket, far: Socket): void {
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('error', () => {});
      from.once('close', () => {
        to.destroy();
        this.#pairs.delete(pair);
      });
      if (this.#hanging) from.pause();
      else from.pipe(to);
    }
  }
}
