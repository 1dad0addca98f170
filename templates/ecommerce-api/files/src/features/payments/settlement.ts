import { Injectable } from '@nestjs/common';
import type { Tx } from '../../db/prisma.service.ts';
import { OrderLedger, type OrderState } from '../../ports/orders.ts';
import type { Intent } from './events.ts';
import { Refunds } from './refunds.ts';

/** What an event about an intent came to. */
export type Outcome = 'paid' | 'late' | 'mismatch' | 'cancelled' | 'known' | 'unknown';

interface Row {
  readonly id: string;
  readonly status: string;
}

/**
 * Takes what Stripe says of an intent. An intent is paid once and for all, or cancelled once and
 * for all, so these two are all that counts, and it does not matter in which order they are told.
 */
@Injectable()
export class Settlement {
  constructor(
    private readonly ledger: OrderLedger,
    private readonly refunds: Refunds,
  ) {}

  async paid(tx: Tx, intent: Intent): Promise<Outcome> {
    const { order, row } = await this.#find(tx, intent);
    if (!order || !row) return 'unknown';
    if (row.status === 'captured' || row.status === 'mismatch') return 'known';
    const right = intent.receivedMinor === order.totalMinor && intent.currency === order.currency;
    const taken = { capturedMinor: intent.receivedMinor, currency: intent.currency, intentId: intent.intentId, updatedAt: new Date() };
    await tx.payment.update({ where: { id: row.id }, data: { status: right ? 'captured' : 'mismatch', ...taken } });
    if (!right) return 'mismatch';
    if (await this.ledger.move(tx, order.id, 'PENDING_PAYMENT', 'PAID', { actor: 'stripe', reason: intent.intentId })) return 'paid';
    // The goods may be somebody else's by now, so the money goes back.
    await this.refunds.giveBack(tx, { paymentId: row.id, amountMinor: order.totalMinor, actor: 'payments', reason: 'paid when the order had ended' });
    return 'late';
  }

  async cancelled(tx: Tx, intent: Intent): Promise<Outcome> {
    const { row } = await this.#find(tx, intent);
    if (!row) return 'unknown';
    if (row.status !== 'open') return 'known';
    await tx.payment.update({ where: { id: row.id }, data: { status: 'cancelled', intentId: intent.intentId, updatedAt: new Date() } });
    return 'cancelled';
  }

  /** The payment of an intent with its order, which nobody else changes until the transaction ends. */
  async #find(tx: Tx, { intentId, orderId }: Intent): Promise<{ readonly order?: OrderState | undefined; readonly row?: Row | undefined }> {
    const known = await tx.payment.findUnique({ where: { intentId }, select: { orderId: true } });
    const id = known?.orderId ?? orderId;
    if (!id) return {};
    const order = await this.ledger.lock(tx, id);
    // The intent of an order whose own one is another is none of ours.
    const row = await tx.payment.findFirst({ where: { orderId: id, OR: [{ intentId }, { intentId: null }] }, select: { id: true, status: true } });
    return { order, row: row ?? undefined };
  }
}
