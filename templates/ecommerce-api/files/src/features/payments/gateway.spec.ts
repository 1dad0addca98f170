import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../config.ts';
import { Gateway } from './gateway.ts';

type Answer = readonly [status: number, body: object];

const log = pino({ level: 'silent' });
const SECRETS = { STRIPE_SECRET_KEY: `sk_test_${'7'.repeat(24)}`, STRIPE_WEBHOOK_SECRET: `whsec_${'7'.repeat(24)}` };
const INTENT = { id: 'pi_1', object: 'payment_intent', status: 'requires_payment_method', client_secret: 'pi_1_secret_2' };
const REFUSED: Answer = [400, { error: { type: 'invalid_request_error', code: 'payment_intent_unexpected_state', message: 'No.' } }];
const BILL = { orderId: 'o-1', amountMinor: 500, currency: 'EUR' };
const REFUND = { id: 'r-1', orderId: 'o-1', intentId: 'pi_1', amountMinor: 200 };

let server: Server;
let gateway: Gateway;
let answers: Answer[] = [];
let seen: { readonly path: string; readonly key: IncomingMessage['headers'][string]; readonly body: URLSearchParams }[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    seen.push({ path: `${request.method} ${request.url}`, key: request.headers['idempotency-key'], body: new URLSearchParams(await text(request)) });
    const [status, body] = answers.shift() ?? [200, INTENT];
    response.writeHead(status, { 'Content-Type': 'application/json', 'Stripe-Should-Retry': 'false' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  gateway = new Gateway(readConfig({ ...SECRETS, STRIPE_HOST: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }), log);
});

afterAll(() => void server.close());

beforeEach(() => {
  [answers, seen] = [[], []];
});

describe('the gateway', () => {
  test('creates an intent under the name of its order', async () => {
    expect(await gateway.create(BILL)).toEqual({ intentId: 'pi_1', clientSecret: 'pi_1_secret_2' });
    expect(seen).toMatchObject([{ path: 'POST /v1/payment_intents', key: 'order:o-1' }]);
    expect(Object.fromEntries(seen[0]?.body ?? [])).toMatchObject({ amount: '500', currency: 'eur', 'metadata[orderId]': 'o-1' });
  });

  test('knows whether an intent is cancelled for good', async () => {
    answers = [[200, { ...INTENT, status: 'canceled' }]];
    expect(await gateway.cancel('pi_1')).toBe(true);
    for (const [status, cancelled] of [['canceled', true], ['succeeded', false], ['processing', false]] as const) {
      answers = [REFUSED, [200, { ...INTENT, status }]];
      expect(await gateway.cancel('pi_1')).toBe(cancelled);
    }
  });

  test('asks for a refund under its own name, and tells when it is refused', async () => {
    answers = [[200, { id: 're_1', object: 'refund', status: 'pending' }], REFUSED];
    expect(await gateway.refund(REFUND)).toBe('re_1');
    expect(seen).toMatchObject([{ path: 'POST /v1/refunds', key: 'refund:r-1' }]);
    expect(await gateway.refund(REFUND)).toBeUndefined();
  });

  test('tells an outage from a refusal', async () => {
    const outages: readonly Answer[] = [
      [500, { error: { type: 'api_error' } }],
      [429, { error: { type: 'invalid_request_error', code: 'lock_timeout' } }],
      [409, { error: { type: 'invalid_request_error', code: 'idempotency_key_in_use' } }],
    ];
    for (const outage of outages) {
      for (const question of [() => gateway.create(BILL), () => gateway.cancel('pi_1'), () => gateway.refund(REFUND)]) {
        answers = [outage];
        await expect(question()).rejects.toMatchObject({ status: 503, code: 'payments.unavailable' });
      }
    }
    answers = [REFUSED];
    expect(await gateway.create(BILL)).toBeUndefined();
  });

  test('has its secrets in production, and is not ready without', () => {
    const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://localhost/shop' };
    for (const missing of Object.keys(SECRETS)) {
      expect(() => new Gateway(readConfig({ ...production, ...SECRETS, [missing]: '' }), log)).toThrow(ConfigError);
    }
    const none = new Gateway(readConfig({}), log);
    expect(none.ready).toBe(false);
    expect(() => none.verify(Buffer.from('{}'), '')).toThrow('Payments cannot be taken');
  });
});
