import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { PrismaService, type Tx } from '../../db/prisma.service.ts';
import type { Logger } from '../../logger.ts';
import { Outbox } from '../../outbox/outbox.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { OrderLedger } from '../../ports/orders.ts';
import { BILLED, Payments, type Bill, type OpenPayment } from '../../ports/payments.ts';
import { Gateway } from './gateway.ts';

interface Row {
  readonly intentId: string | null;
  readonly status: string;
}

/**
 * Each order has one row here and one intent at Stripe. The row comes first, and both opening and
 * closing begin with the order locked: so either the payment is closed before it was ever open, or
 * whoever closes it finds what has to be closed.
 */
@Injectable()
export class StripePayments extends Payments implements OnModuleInit {
  constructor(
    private readonly prisma: PrismaService,
    private readonly ledger: OrderLedger,
    private readonly gateway: Gateway,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    super();
  }

  onModuleInit(): void {
    this.outbox.on(BILLED, (bill) => this.#openLater(bill as unknown as Bill));
  }

  override async open(bill: Bill): Promise<OpenPayment | undefined> {
    if (!this.#ready(bill)) return undefined;
    const row = await this.#begin(bill);
    if (row?.status !== 'open') return undefined;
    return row.intentId === null ? this.#create(bill) : this.gateway.read(row.intentId);
  }

  override async close(orderId: string): Promise<boolean> {
    const row = await this.prisma.transaction((tx) => this.#seal(tx, orderId));
    if (row?.status !== 'open' || row.intentId === null) return row?.status !== 'captured';
    if (!(await this.gateway.cancel(row.intentId))) return false;
    await this.prisma.payment.updateMany({ where: { orderId, status: 'open' }, data: { status: 'cancelled', updatedAt: new Date() } });
    return true;
  }

  async #openLater(bill: Bill): Promise<void> {
    if (!this.#ready(bill)) return;
    const row = await this.#begin(bill);
    if (row?.status === 'open' && row.intentId === null) await this.#create(bill);
  }

  #ready({ orderId }: Bill): boolean {
    if (!this.gateway.ready) this.log.info({ orderId }, 'no STRIPE_SECRET_KEY: the payment is not opened');
    return this.gateway.ready;
  }

  /** Sees to it that an order that is to be paid has its row; undefined where it is not to be paid. */
  #begin({ orderId, amountMinor, currency }: Bill): Promise<Row | undefined> {
    return this.prisma.transaction(async (tx) => {
      const order = await this.ledger.lock(tx, orderId);
      if (order?.status !== 'PENDING_PAYMENT') return undefined;
      return tx.payment.upsert({ where: { orderId }, create: { orderId, amountMinor, currency }, update: {} });
    });
  }

  async #create(bill: Bill): Promise<OpenPayment | undefined> {
    const payment = await this.gateway.create(bill);
    if (!payment) {
      this.log.error({ event: 'payment.refused', orderId: bill.orderId }, 'Stripe refuses to take this payment');
      return undefined;
    }
    const { intentId } = payment;
    // Until this is written, nobody is told of the intent, so nobody can pay it.
    await this.prisma.payment.updateMany({ where: { orderId: bill.orderId, status: 'open', intentId: null }, data: { intentId, updatedAt: new Date() } });
    const row = await this.prisma.payment.findUnique({ where: { orderId: bill.orderId } });
    if (row?.status === 'open' && row.intentId === intentId) return payment;
    await this.gateway.cancel(intentId);
    return undefined;
  }

  /** Closes a payment that nobody was told of, and returns the others as they are. */
  async #seal(tx: Tx, orderId: string): Promise<Row | undefined> {
    const order = await this.ledger.lock(tx, orderId);
    if (!order) return undefined;
    await tx.payment.upsert({
      where: { orderId },
      create: { orderId, amountMinor: order.totalMinor, currency: order.currency, status: 'cancelled' },
      update: {},
    });
    // The intent is written without the lock of the order, so only the statement itself can tell.
    await tx.payment.updateMany({ where: { orderId, status: 'open', intentId: null }, data: { status: 'cancelled', updatedAt: new Date() } });
    return tx.payment.findUniqueOrThrow({ where: { orderId } });
  }
}
