import { z } from 'zod';

// Not strict, unlike what clients send: Stripe adds fields whenever it likes.
const Envelope = z.object({
  id: z.string().min(1).max(255),
  type: z.string().min(1).max(255),
  data: z.object({ object: z.unknown() }),
});

const metadata = z.record(z.string(), z.string()).nullish();
/** An id of ours in the metadata of a thing at Stripe, where others may write as well. */
const ours = z.uuid().optional().catch(undefined);

const Intent = z.object({ id: z.string(), amount_received: z.int().min(0), currency: z.string(), metadata }).transform((intent) => ({
  intentId: intent.id,
  receivedMinor: intent.amount_received,
  currency: intent.currency.toUpperCase(),
  orderId: ours.parse(intent.metadata?.['orderId']),
}));
export type Intent = z.infer<typeof Intent>;

const STANDINGS = { pending: 'pending', requires_action: 'pending', succeeded: 'succeeded', failed: 'failed', canceled: 'failed' } as const;

const Refund = z
  .object({ id: z.string(), amount: z.int(), status: z.enum(['pending', 'requires_action', 'succeeded', 'failed', 'canceled']), payment_intent: z.string().nullable(), metadata })
  .transform((refund) => ({
    providerId: refund.id,
    amountMinor: refund.amount,
    status: STANDINGS[refund.status],
    intentId: refund.payment_intent,
    refundId: ours.parse(refund.metadata?.['refundId']),
  }));
export type RefundReport = z.infer<typeof Refund>;

/** What an event means here. */
export type News =
  | { readonly kind: 'paid' | 'cancelled'; readonly intent: Intent }
  | { readonly kind: 'refund'; readonly refund: RefundReport }
  | { readonly kind: 'other' };

export interface Notice {
  readonly id: string;
  readonly type: string;
  readonly news: News;
}

/** Reads an event, or throws where it has not the form that its type asks for. */
export function noticeOf(event: unknown): Notice {
  const { id, type, data } = Envelope.parse(event);
  return { id, type, news: newsOf(type, data.object) };
}

// What is not named here changes nothing: a failed try may be followed by another one.
function newsOf(type: string, object: unknown): News {
  switch (type) {
    case 'payment_intent.succeeded':
      return { kind: 'paid', intent: Intent.parse(object) };
    case 'payment_intent.canceled':
      return { kind: 'cancelled', intent: Intent.parse(object) };
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
      return { kind: 'refund', refund: Refund.parse(object) };
    default:
      return { kind: 'other' };
  }
}

/** The intent that it is about, as far as that matters here. */
export function intentOf(news: News): string | null {
  if (news.kind === 'other') return null;
  return news.kind === 'refund' ? news.refund.intentId : news.intent.intentId;
}
