import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Account } from './account.ts';
import { ApiError, newId } from './objects.ts';

export interface Request {
  /** As `POST /v1/refunds`. */
  readonly line: string;
  readonly key: string | undefined;
  readonly form: URLSearchParams;
}

/** What befalls a request on its way. */
export interface Weather {
  /** Whether nobody is there at all. */
  isDown(): boolean;
  /** Resolves when the request may be done. */
  arrival(request: Request): Promise<void>;
  /** Whether its answer gets lost. */
  isLost(request: Request): boolean;
}

interface Reply {
  readonly status: number;
  readonly body: object;
}

/** Stripe's API, by the very package that a shop speaks to it with. */
export async function serveApi(account: Account, secretKey: string, weather: Weather): Promise<string> {
  const kept = new KeyStore();
  const server = createServer(async (incoming, response) => {
    if (weather.isDown()) return void incoming.socket.destroy();
    const request: Request = { line: `${incoming.method} ${incoming.url}`, key: incoming.headers['idempotency-key']?.toString(), form: new URLSearchParams(await text(incoming)) };
    const { status, body } = allowed(incoming, secretKey) ? await kept.once(request, () => answer(account, request, weather)) : refused();
    if (weather.isDown() || weather.isLost(request)) return void incoming.socket.destroy();
    send(response, status, body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The suite ends without ending it.
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const allowed = ({ headers }: IncomingMessage, secretKey: string): boolean => headers.authorization === `Bearer ${secretKey}`;

const refused = (): Reply => ({ status: 401, body: new ApiError(401, { message: 'Invalid API Key provided.' }).body });

async function answer(account: Account, request: Request, weather: Weather): Promise<Reply> {
  await weather.arrival(request);
  try {
    return { status: 200, body: structuredClone(route(account, request)) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, body: error.body };
  }
}

function route(account: Account, { line, form }: Request): object {
  const [, subject = '', id = '', action = ''] = /^\w+ \/v1\/(\w+)(?:\/(\w+))?(?:\/(\w+))?$/.exec(line) ?? [];
  const pattern = [line.split(' ', 1)[0], subject, id && ':id', action].filter(Boolean).join(' ');
  switch (pattern) {
    case 'POST payment_intents':
      return account.createIntent(form);
    case 'GET payment_intents :id':
      return account.intent(id);
    case 'POST payment_intents :id cancel':
      return account.cancelIntent(id);
    case 'POST refunds':
      return account.createRefund(form);
    case 'GET refunds :id':
      return account.refund(id);
    default:
      throw new ApiError(404, { message: `Unrecognized request URL (${line}).` });
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Request-Id': newId('req'), 'Stripe-Version': '2026-10-28.endive' }).end(JSON.stringify(body, undefined, 2));
}

/** As Stripe keeps them: the same key with the same form is answered the same, and with another one not at all. */
class KeyStore {
  readonly #kept = new Map<string, { readonly what: string; reply?: Reply }>();

  async once({ line, key, form }: Request, work: () => Promise<Reply>): Promise<Reply> {
    if (key === undefined) return work();
    const what = `${line} ${form.toString()}`;
    const earlier = this.#kept.get(key);
    if (earlier && earlier.what !== what) {
      return { status: 400, body: new ApiError(400, { type: 'idempotency_error', message: 'Keys for idempotent requests can only be used with the same parameters they were first used with.' }).body };
    }
    if (earlier) return earlier.reply ?? { status: 409, body: new ApiError(409, { code: 'idempotency_key_in_use', message: 'There is currently another in-progress request using this Idempotent Key.' }).body };
    const entry: { readonly what: string; reply?: Reply } = { what };
    this.#kept.set(key, entry);
    return (entry.reply = await work());
  }
}
