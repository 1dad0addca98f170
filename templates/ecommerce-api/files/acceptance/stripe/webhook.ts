import { createHmac } from 'node:crypto';
import type { Answer, Client } from '../support/http.ts';
import { stamp, type StripeEvent } from './objects.ts';

/** How a delivery differs from what Stripe would send. */
export interface Forgery {
  readonly secret?: string;
  readonly timestamp?: number;
  /** Sent instead of what was signed. */
  readonly sent?: (payload: string) => string;
  /** In place of the true header; undefined for none. */
  readonly header?: (signature: string, timestamp: number) => string | undefined;
}

export type Delivery = Answer<{ readonly received?: boolean }>;

const v1 = (signature: string, timestamp: number): string => `t=${timestamp},v1=${signature},v0=${'0'.repeat(64)}`;

/** Signed by hand, since no library would sign what is wrong on purpose. Stripe lays its JSON out in lines. */
export function deliver(client: Client, event: StripeEvent | object, signingSecret: string, forgery: Forgery = {}): Promise<Delivery> {
  const { secret = signingSecret, timestamp = stamp(), sent = (payload: string) => payload, header = v1 } = forgery;
  const payload = JSON.stringify(event, undefined, 2);
  const signature = header(createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex'), timestamp);
  const headers = { 'Content-Type': 'application/json; charset=utf-8', ...(signature !== undefined && { 'Stripe-Signature': signature }) };
  return client.send('POST', '/v1/webhooks/stripe', sent(payload), headers);
}
