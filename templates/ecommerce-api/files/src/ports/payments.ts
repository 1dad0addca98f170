/** What is to be paid. The amount is the order's, never a client's. */
export interface Bill {
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/** What a client needs to pay. */
export interface OpenPayment {
  readonly intentId: string;
  readonly clientSecret: string;
}

/**
 * The outbox message that each new order leaves, with its `Bill`: whoever takes payments opens
 * this one, unless that was done at once. It waits where nobody takes payments.
 */
export const BILLED = 'order.billed';

export abstract class Payments {
  /**
   * Opens the payment of a bill, or returns the one that is open; undefined where the order is no
   * longer to be paid, and where nobody takes payments.
   */
  abstract open(bill: Bill): Promise<OpenPayment | undefined>;

  /**
   * Sees to it that the order can no longer be paid, and tells whether that came in time: false
   * means that it is paid, or just being paid. Throws where nobody can tell at the moment.
   */
  abstract close(orderId: string): Promise<boolean>;
}
