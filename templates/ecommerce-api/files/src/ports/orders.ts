import type { Tx } from '../db/prisma.service.ts';
import type { OrderStatus } from '../generated/prisma/enums.ts';

export interface OrderState {
  readonly id: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly totalMinor: number;
  readonly currency: string;
}

/** Who moves an order, and why: a user's id, or the part of the service that does it by itself. */
export interface Reason {
  readonly actor: string;
  readonly reason: string;
}

/** The one way to change the status of an order. */
export abstract class OrderLedger {
  /** Returns an order, which nobody else changes until the transaction ends. */
  abstract lock(tx: Tx, orderId: string): Promise<OrderState | undefined>;

  /**
   * Moves an order from one status to another, with what that means for the stock, and writes it
   * down. Tells whether it did: an order that is not in the status `from` stays as it is. Throws
   * where no such move is legal.
   */
  abstract move(tx: Tx, orderId: string, from: OrderStatus, to: OrderStatus, why: Reason): Promise<boolean>;
}
