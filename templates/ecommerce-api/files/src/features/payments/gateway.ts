import { Inject, Injectable } from '@nestjs/common';
import { Stripe } from 'stripe';
import { Config, ConfigError } from '../../config.ts';
import { Problem } from '../../http/problem.ts';
import type { Logger } from '../../logger.ts';
import { LOGGER } from '../../platform/tokens.ts';
import type { Bill, OpenPayment } from '../../ports/payments.ts';
import { noticeOf, type Notice } from './events.ts';

/** How long one try may take. Someone who checks out waits for it. */
const TIMEOUT_MS = 5000;
const RETRIES = 1;

/** What is asked of Stripe for a refund, under the name that the refund has here. */
export interface RefundOrder {
  readonly id: string;
  readonly orderId: string;
  readonly intentId: string;
  readonly amountMinor: number;
}

/** The one place that speaks with Stripe. */
@Injectable()
export class Gateway {
  readonly #stripe: Stripe | undefined;
  readonly #signingSecret: string;

  constructor(
    config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    const { stripeSecretKey, stripeWebhookSecret, production } = config;
    if (production && !stripeSecretKey) throw new ConfigError('STRIPE_SECRET_KEY: must be set in production');
    if (production && !stripeWebhookSecret) throw new ConfigError('STRIPE_WEBHOOK_SECRET: must be set in production');
    this.#stripe = stripeSecretKey ? new Stripe(stripeSecretKey, optionsFor(config)) : undefined;
    this.#signingSecret = stripeWebhookSecret ?? '';
  }

  /** Whether there is an account at Stripe to take payments with. */
  get ready(): boolean {
    return this.#stripe !== undefined;
  }

  /**
   * Returns undefined where Stripe refuses such a payment, as it does below the least amount of a
   * currency. The key is the order's for good: however often this is asked, there is one intent.
   */
  create({ orderId, amountMinor, currency }: Bill): Promise<OpenPayment | undefined> {
    const intent = { amount: amountMinor, currency: currency.toLowerCase(), automatic_payment_methods: { enabled: true }, metadata: { orderId } };
    return this.#ask(async (stripe) => {
      const created = await stripe.paymentIntents.create(intent, { idempotencyKey: `order:${orderId}` }).catch(refusal);
      return created && payable(created);
    });
  }

  read(intentId: string): Promise<OpenPayment> {
    return this.#ask(async (stripe) => payable(await stripe.paymentIntents.retrieve(intentId)));
  }

  /** Tells whether the intent can never be paid any more. */
  cancel(intentId: string): Promise<boolean> {
    return this.#ask(async (stripe) => {
      const cancelled = await stripe.paymentIntents.cancel(intentId).catch(refusal);
      const intent = cancelled ?? (await stripe.paymentIntents.retrieve(intentId));
      if (intent.status === 'succeeded') this.log.warn({ event: 'payment.untold', intentId }, 'paid, and no webhook has told so yet');
      return intent.status === 'canceled';
    });
  }

  /** Returns the name that Stripe gives to the refund, or undefined where Stripe refuses it. */
  refund({ id, orderId, intentId, amountMinor }: RefundOrder): Promise<string | undefined> {
    const refund = { payment_intent: intentId, amount: amountMinor, metadata: { orderId, refundId: id } };
    return this.#ask(async (stripe) => (await stripe.refunds.create(refund, { idempotencyKey: `refund:${id}` }).catch(refusal))?.id);
  }

  /** Returns what Stripe says in a request, or throws where it is not Stripe that says it. */
  verify(body: Buffer, signature: string): Notice {
    const stripe = this.#connected();
    if (!this.#signingSecret) throw unavailable();
    try {
      return noticeOf(stripe.webhooks.constructEvent(body, signature, this.#signingSecret));
    } catch (error) {
      this.log.warn({ err: error }, 'a webhook was refused');
      throw new Problem(400, 'webhook.invalid', 'This is no event that Stripe has signed.');
    }
  }

  #connected(): Stripe {
    if (!this.#stripe) throw unavailable();
    return this.#stripe;
  }

  async #ask<T>(question: (stripe: Stripe) => Promise<T>): Promise<T> {
    const stripe = this.#connected();
    try {
      return await question(stripe);
    } catch (error) {
      if (!isOutage(error)) throw error;
      this.log.warn({ event: 'stripe.unreachable', reason: error.message, requestId: error.requestId }, 'Stripe does not answer');
      throw unavailable();
    }
  }
}

const { errors } = Stripe;

// Among them what Stripe is just working on for somebody else, under the same key.
const OUTAGES = [errors.StripeConnectionError, errors.StripeAPIError, errors.StripeRateLimitError];

const REFUSALS = [errors.StripeInvalidRequestError, errors.StripeCardError];

const isOutage = (error: unknown): error is InstanceType<typeof errors.StripeError> => OUTAGES.some((kind) => error instanceof kind);

export const unavailable = (): Problem =>
  new Problem(503, 'payments.unavailable', 'Payments cannot be taken at the moment.', { headers: { 'Retry-After': '5' } });

/** Turns it into undefined that Stripe understood and would not do it. */
function refusal(error: unknown): undefined {
  if (!REFUSALS.some((kind) => error instanceof kind)) throw error;
}

function payable({ id, client_secret: clientSecret }: Stripe.PaymentIntent): OpenPayment {
  if (!clientSecret) throw new Error(`the intent ${id} has no client secret`);
  return { intentId: id, clientSecret };
}

function optionsFor({ stripeHost }: Config): Stripe.StripeConfig {
  const common = { timeout: TIMEOUT_MS, maxNetworkRetries: RETRIES, telemetry: false };
  if (!stripeHost) return common;
  const { protocol, hostname, port } = new URL(stripeHost);
  return { ...common, host: hostname, protocol: protocol === 'http:' ? 'http' : 'https', ...(port && { port }) };
}
