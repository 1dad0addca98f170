import { amountIn, ApiError, newId, newIntent, newRefund, stamp, type Intent, type Refund, type StripeEvent } from './objects.ts';

/** What there is at Stripe, and how it changes: as the real one has it, as far as a shop meets it. */
export class Account {
  readonly intents = new Map<string, Intent>();
  readonly refunds = new Map<string, Refund>();
  /** Everything that has been told, oldest first. */
  readonly events: StripeEvent[] = [];
  /** Refuses refunds from now on, as Stripe does where there is no money to give back. */
  refusesRefunds = false;

  createIntent(form: URLSearchParams): Intent {
    const intent = newIntent(form);
    this.intents.set(intent.id, intent);
    this.tell('payment_intent.created', intent);
    return intent;
  }

  intent(id: string): Intent {
    return this.intents.get(id) ?? missing('payment_intent', id);
  }

  cancelIntent(id: string): Intent {
    const intent = this.intent(id);
    if (intent.status !== 'requires_payment_method') {
      throw new ApiError(400, { code: 'payment_intent_unexpected_state', message: `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.` });
    }
    Object.assign(intent, { status: 'canceled', canceled_at: stamp() });
    this.tell('payment_intent.canceled', intent);
    return intent;
  }

  createRefund(form: URLSearchParams): Refund {
    const intent = this.intent(form.get('payment_intent') ?? '');
    const left = intent.amount_received - this.refunded(intent.id);
    const amount = form.has('amount') ? amountIn(form) : left;
    if (this.refusesRefunds) throw new ApiError(400, { code: 'balance_insufficient', message: 'Insufficient funds in your Stripe balance.' });
    if (left === 0) throw new ApiError(400, { code: 'charge_already_refunded', message: 'Charge has already been refunded.' });
    if (amount > left) throw new ApiError(400, { param: 'amount', message: `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})` });
    const refund = newRefund(form, intent, amount);
    this.refunds.set(refund.id, refund);
    this.tell('refund.created', refund);
    return refund;
  }

  refund(id: string): Refund {
    return this.refunds.get(id) ?? missing('refund', id);
  }

  /** What is given back of an intent, or about to be. */
  refunded(intentId: string): number {
    return this.refundsOf(intentId).reduce((sum, { amount, status }) => (status === 'failed' ? sum : sum + amount), 0);
  }

  refundsOf(intentId: string): readonly Refund[] {
    return [...this.refunds.values()].filter((refund) => refund.payment_intent === intentId);
  }

  intentsOf(orderId: string): readonly Intent[] {
    return [...this.intents.values()].filter(({ metadata }) => metadata['orderId'] === orderId);
  }

  /** The customer pays. `even` a cancelled intent: as if the cancellation had come too late. */
  pay(id: string, { even = false, ...changes }: { readonly even?: boolean; readonly amount?: number; readonly currency?: string } = {}): StripeEvent {
    const intent = this.intent(id);
    if (intent.status === 'succeeded' || (intent.status === 'canceled' && !even)) throw new Error(`${id} cannot be paid: it is ${intent.status}`);
    Object.assign(intent, changes, { status: 'succeeded', amount_received: changes.amount ?? intent.amount, latest_charge: newId('ch'), canceled_at: null });
    return this.tell('payment_intent.succeeded', intent);
  }

  /** The customer's bank takes its time. */
  process(id: string): StripeEvent {
    return this.tell('payment_intent.processing', Object.assign(this.intent(id), { status: 'processing' }));
  }

  /** The customer's card is declined; another try may follow. */
  decline(id: string): StripeEvent {
    const error = { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' };
    return this.tell('payment_intent.payment_failed', Object.assign(this.intent(id), { status: 'requires_payment_method', last_payment_error: error }));
  }

  /** A refund comes to its end. */
  settle(id: string, status: 'succeeded' | 'failed'): StripeEvent {
    const refund = Object.assign(this.refund(id), { status, ...(status === 'failed' && { failure_reason: 'lost_or_stolen_card' }) });
    return this.tell(status === 'failed' ? 'refund.failed' : 'refund.updated', refund);
  }

  /** Says what something is like right now, to be delivered whenever the suite likes. */
  tell(type: string, object: Intent | Refund): StripeEvent {
    const request = { id: newId('req'), idempotency_key: null };
    const event: StripeEvent = { id: newId('evt'), object: 'event', api_version: '2026-10-28.endive', created: stamp(), data: { object: structuredClone(object) }, livemode: false, pending_webhooks: 1, request, type };
    this.events.push(event);
    return event;
  }
}

function missing(what: string, id: string): never {
  throw new ApiError(404, { code: 'resource_missing', param: 'id', message: `No such ${what}: '${id}'` });
}
