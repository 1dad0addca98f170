import { randomBytes } from 'node:crypto';
import { Account } from './stripe/account.ts';
import type { StripeEvent } from './stripe/objects.ts';
import { serveApi, type Request, type Weather } from './stripe/server.ts';
import { deliver, type Delivery, type Forgery } from './stripe/webhook.ts';
import type { Client } from './support/http.ts';

/**
 * Stands in for Stripe, which no one can run locally: a server to which the service speaks by
 * Stripe's own package, and whoever pays, declines, loses answers, and delivers events.
 */
export class Stripe implements Weather {
  readonly account = new Account();
  readonly secretKey = `sk_test_${randomBytes(16).toString('hex')}`;
  readonly signingSecret = `whsec_${randomBytes(16).toString('hex')}`;
  /** What has been asked, oldest first. */
  readonly requests: Request[] = [];
  readonly #gates: { readonly line: RegExp; readonly opened: Promise<void> }[] = [];
  #down = false;
  #losing: RegExp | undefined;
  #url = '';

  static async open(): Promise<Stripe> {
    const stripe = new Stripe();
    stripe.#url = await serveApi(stripe.account, stripe.secretKey, stripe);
    return stripe;
  }

  /** What the service has to know. */
  get env(): Readonly<Record<string, string>> {
    return { STRIPE_SECRET_KEY: this.secretKey, STRIPE_WEBHOOK_SECRET: this.signingSecret, STRIPE_HOST: this.#url };
  }

  /** From now on nobody answers, until `up`. */
  down(): void {
    this.#down = true;
  }

  /** Does what it is asked by such requests, and never answers them, until `up`. */
  lose(line: RegExp): void {
    this.#losing = line;
  }

  up(): void {
    this.#down = false;
    this.#losing = undefined;
  }

  /** Lets such requests wait before they are done. Returns how to let them go. */
  hold(line: RegExp): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    const gate = { line, opened: promise };
    this.#gates.push(gate);
    return () => {
      this.#gates.splice(this.#gates.indexOf(gate), 1);
      resolve();
    };
  }

  asked(line: RegExp): readonly Request[] {
    return this.requests.filter((request) => line.test(request.line));
  }

  /** Brings an event to a process of the service. */
  deliver(client: Client, event: StripeEvent | object, forgery?: Forgery): Promise<Delivery> {
    return deliver(client, event, this.signingSecret, forgery);
  }

  isDown(): boolean {
    return this.#down;
  }

  isLost({ line }: Request): boolean {
    return this.#losing?.test(line) ?? false;
  }

  async arrival(request: Request): Promise<void> {
    this.requests.push(request);
    await Promise.all(this.#gates.filter(({ line }) => line.test(request.line)).map(({ opened }) => opened));
  }
}
