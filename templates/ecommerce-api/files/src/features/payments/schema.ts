import { z, type ZodType } from 'zod';
import { listing } from '../../http/query.ts';
import { label } from '../../http/text.ts';
import { named, pageOf } from '../../openapi/schemas.ts';
import type { OpenPayment } from '../../ports/payments.ts';

export const PaidPath = z.strictObject({ id: z.uuid() });
export type PaidPath = z.infer<typeof PaidPath>;

export const NewRefund = named(
  'NewRefund',
  z.strictObject({
    amountMinor: z.int().min(1).max(99_999_999).optional().meta({ description: 'In minor units; all that is left where nothing is said.' }),
    reason: label(500),
  }),
);
export type NewRefund = z.infer<typeof NewRefund>;

export const RefundQuery = z.strictObject(listing);
export type RefundQuery = z.infer<typeof RefundQuery>;

export interface Refund {
  readonly id: string;
  readonly orderId: string;
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string;
  readonly createdAt: string;
}

export const RefundAnswer: ZodType<Refund> = named(
  'Refund',
  z.strictObject({
    id: z.uuid(),
    orderId: z.uuid(),
    status: z.enum(['pending', 'succeeded', 'failed']),
    amountMinor: z.int().min(1),
    currency: z.string().regex(/^[A-Z]{3}$/),
    reason: z.string(),
    createdAt: z.iso.datetime(),
  }),
);
export const RefundPage = pageOf('RefundPage', RefundAnswer);

export const PaymentAnswer: ZodType<OpenPayment> = named('OpenPayment', z.strictObject({ intentId: z.string(), clientSecret: z.string() }));

export const Received = named('Received', z.strictObject({ received: z.literal(true) }));

export const examples = Object.freeze({
  payment: { intentId: 'pi_3Pq', clientSecret: 'pi_3Pq_secret_9Xy' },
  newRefund: { amountMinor: 1999, reason: 'One of two arrived broken' },
  refund: {
    id: '3d2c1b0a-9f8e-4d7c-8b6a-5f4e3d2c1b0a',
    orderId: '0b9c8d7e-6f5a-4b3c-8d1e-0f9a8b7c6d5e',
    status: 'pending',
    amountMinor: 1999,
    currency: 'EUR',
    reason: 'One of two arrived broken',
    createdAt: '2031-05-06T07:08:07.123Z',
  },
});
