import type { OrderStatus } from '../../generated/prisma/enums.ts';

/** Every legal move. A refund that failed gives an order back what it was: paid, in whole or in part. */
const MOVES: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = Object.freeze({
  PENDING_PAYMENT: ['PAID', 'CANCELLED', 'EXPIRED'],
  PAID: ['FULFILLING', 'REFUND_PENDING'],
  FULFILLING: ['SHIPPED', 'REFUND_PENDING'],
  SHIPPED: ['DELIVERED'],
  DELIVERED: [],
  CANCELLED: [],
  EXPIRED: [],
  REFUND_PENDING: ['REFUNDED', 'PARTIALLY_REFUNDED', 'PAID'],
  REFUNDED: [],
  PARTIALLY_REFUNDED: ['REFUND_PENDING', 'FULFILLING'],
});

export const STATUSES = Object.freeze(Object.keys(MOVES)) as readonly [OrderStatus, ...OrderStatus[]];

export const isLegal = (from: OrderStatus, to: OrderStatus): boolean => MOVES[from].includes(to);

/** What becomes of the goods that an order holds. */
export type Fate = 'released' | 'sold';

/** What a move means for the goods; undefined where it means nothing. */
export function fateOf(from: OrderStatus, to: OrderStatus): Fate | undefined {
  if (from !== 'PENDING_PAYMENT') return undefined;
  return to === 'PAID' ? 'sold' : 'released';
}
