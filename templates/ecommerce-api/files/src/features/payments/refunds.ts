import { Injectable } from '@nestjs/common';
import type { Tx } from '../../db/prisma.service.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { Outbox } from '../../outbox/outbox.ts';
import { OrderLedger } from '../../ports/orders.ts';
import type { RefundReport } from './events.ts';

/** The outbox message that asks Stripe for a refund. */
export const REFUND = 'payment.refund';

export const WITH_PAYMENT = { payment: true } as const satisfies Prisma.RefundInclude;
export type RefundRow = Prisma.RefundGetPayload<{ include: typeof WITH_PAYMENT }>;

export interface GivingBack {
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly actor: string;
  readonly reason: string;
}

/** A refund goes forwards alone: what says less than is known already is old news. */
const RANKS = Object.freeze({ pending: 0, succeeded: 1, failed: 2 });

/**
 * The books of what is given back. `refunded_minor` of a payment is the sum of its refunds that
 * have not failed: it is raised before Stripe is asked, so no two requests give the same money.
 */
@Injectable()
export class Refunds {
  constructor(
    private readonly ledger: OrderLedger,
    private readonly outbox: Outbox,
  ) {}

  /** Writes a refund down, for Stripe to be asked later; undefined where there is not so much left. */
  async giveBack(tx: Tx, refund: GivingBack): Promise<RefundRow | undefined> {
    const { paymentId, amountMinor } = refund;
    const left = await tx.$executeRaw`
      update payments set refunded_minor = refunded_minor + ${amountMinor}, updated_at = now()
      where id = ${paymentId}::uuid and captured_minor - refunded_minor >= ${amountMinor}`;
    if (left === 0) return undefined;
    const row = await tx.refund.create({ data: { ...refund }, include: WITH_PAYMENT });
    await this.outbox.add(tx, REFUND, { refundId: row.id });
    return row;
  }

  /** Takes what Stripe says of a refund. */
  async report(tx: Tx, report: RefundReport): Promise<'refund' | 'refund-failed' | 'refund-mismatch' | 'known' | 'unknown'> {
    const { refundId, providerId } = report;
    const found = await tx.refund.findFirst({ where: refundId ? { id: refundId } : { providerId }, include: WITH_PAYMENT });
    if (!found) return 'unknown';
    const { payment } = found;
    if (report.intentId !== payment.intentId || report.amountMinor !== found.amountMinor) return 'refund-mismatch';
    return this.advance(tx, found, report.status, providerId);
  }

  async advance(tx: Tx, { id, payment }: RefundRow, to: RefundReport['status'], providerId: string | null): Promise<'refund' | 'refund-failed' | 'known'> {
    const { orderId } = payment;
    await this.ledger.lock(tx, orderId);
    const before = await tx.refund.findUniqueOrThrow({ where: { id } });
    const news = RANKS[to] > RANKS[before.status];
    await tx.refund.update({ where: { id }, data: { providerId: before.providerId ?? providerId, ...(news && { status: to }), updatedAt: new Date() } });
    if (!news) return 'known';
    if (to === 'failed') await tx.payment.update({ where: { id: payment.id }, data: { refundedMinor: { decrement: before.amountMinor }, updatedAt: new Date() } });
    if (before.status === 'pending') await this.#finish(tx, orderId, to);
    return to === 'failed' ? 'refund-failed' : 'refund';
  }

  /** Lets go of an order that waited for its refund. One that had ended before keeps its status. */
  async #finish(tx: Tx, orderId: string, outcome: string): Promise<void> {
    const { capturedMinor, refundedMinor } = await tx.payment.findUniqueOrThrow({ where: { orderId } });
    const partly = refundedMinor < capturedMinor ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
    await this.ledger.move(tx, orderId, 'REFUND_PENDING', refundedMinor === 0 ? 'PAID' : partly, { actor: 'stripe', reason: `refund ${outcome}` });
  }
}
