import { randomBytes } from 'node:crypto';

/** A thing at Stripe, with the fields of the real one that somebody might read. */
export interface Intent {
  readonly id: string;
  readonly object: 'payment_intent';
  amount: number;
  amount_received: number;
  currency: string;
  status: 'requires_payment_method' | 'processing' | 'succeeded' | 'canceled';
  readonly client_secret: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly created: number;
  readonly livemode: false;
  readonly capture_method: 'automatic_async';
  readonly payment_method_types: readonly string[];
  canceled_at: number | null;
  cancellation_reason: string | null;
  last_payment_error: { readonly type: 'card_error'; readonly code: 'card_declined'; readonly message: string } | null;
  latest_charge: string | null;
}

export interface Refund {
  readonly id: string;
  readonly object: 'refund';
  readonly amount: number;
  readonly currency: string;
  readonly charge: string | null;
  readonly payment_intent: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly created: number;
  readonly reason: null;
  failure_reason?: string;
  status: 'pending' | 'succeeded' | 'failed';
}

export interface StripeEvent {
  readonly id: string;
  readonly object: 'event';
  readonly api_version: string;
  readonly created: number;
  readonly data: { readonly object: Intent | Refund };
  readonly livemode: false;
  readonly pending_webhooks: 1;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  readonly type: string;
}

/** An answer other than success, in Stripe's own form. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: object;

  constructor(status: number, { type = 'invalid_request_error', ...error }: { readonly type?: string; readonly code?: string; readonly message: string; readonly param?: string }) {
    super(error.message);
    this.status = status;
    this.body = { error: { type, ...error } };
  }
}

export const stamp = (): number => Math.floor(Date.now() / 1000);

export const newId = (prefix: string): string => `${prefix}_3${randomBytes(11).toString('hex')}`;

/** What stands in a form as `name[key]=value`. */
export function fieldsOf(form: URLSearchParams, name: string): Readonly<Record<string, string>> {
  const inside = new RegExp(`^${name}\\[(\\w+)\\]$`);
  return Object.fromEntries([...form].flatMap(([key, value]) => {
    const field = inside.exec(key)?.[1];
    return field ? [[field, value]] : [];
  }));
}

export function amountIn(form: URLSearchParams): number {
  const amount = Number(form.get('amount'));
  if (Number.isSafeInteger(amount) && amount > 0) return amount;
  throw new ApiError(400, { code: 'parameter_invalid_integer', param: 'amount', message: 'This value must be greater than or equal to 1.' });
}

const LEAST = 50;

export function newIntent(form: URLSearchParams): Intent {
  const currency = form.get('currency') ?? '';
  if (!/^[a-z]{3}$/.test(currency)) throw new ApiError(400, { code: 'parameter_missing', param: 'currency', message: 'Missing required param: currency.' });
  const amount = amountIn(form);
  if (amount < LEAST) throw new ApiError(400, { code: 'amount_too_small', param: 'amount', message: 'Amount must convert to at least 50 cents.' });
  const id = newId('pi');
  return {
    id,
    object: 'payment_intent',
    amount,
    amount_received: 0,
    currency,
    status: 'requires_payment_method',
    client_secret: `${id}_secret_${randomBytes(12).toString('hex')}`,
    metadata: fieldsOf(form, 'metadata'),
    created: stamp(),
    livemode: false,
    capture_method: 'automatic_async',
    payment_method_types: ['card', 'link'],
    canceled_at: null,
    cancellation_reason: null,
    last_payment_error: null,
    latest_charge: null,
  };
}

export function newRefund(form: URLSearchParams, intent: Intent, amount: number): Refund {
  return {
    id: newId('re'),
    object: 'refund',
    amount,
    currency: intent.currency,
    charge: intent.latest_charge,
    payment_intent: intent.id,
    metadata: fieldsOf(form, 'metadata'),
    created: stamp(),
    reason: null,
    status: 'pending',
  };
}
