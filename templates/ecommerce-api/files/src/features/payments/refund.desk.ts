import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { PrismaService, type Tx } from '../../db/prisma.service.ts';
import { sqlIn } from '../../db/sql.ts';
import type { OrderStatus } from '../../generated/prisma/enums.ts';
import { decodeCursor } from '../../http/cursor.ts';
import { once } from '../../http/idempotency.ts';
import { pageLimit, toPage, type Page } from '../../http/page.ts';
import { Problem } from '../../http/problem.ts';
import { moment } from '../../http/query.ts';
import type { Logger } from '../../logger.ts';
import { Outbox } from '../../outbox/outbox.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { OrderLedger } from '../../ports/orders.ts';
import { Gateway } from './gateway.ts';
import { REFUND, Refunds, WITH_PAYMENT, type RefundRow } from './refunds.ts';
import type { NewRefund, Refund, RefundQuery } from './schema.ts';

const ORDER = 'createdAt';

/** These wait for their refund, one at a time. */
const WAITING: readonly OrderStatus[] = ['PAID', 'FULFILLING', 'PARTIALLY_REFUNDED'];
/** These have ended. Money that is still there came too late, was not what was asked for, or came back from a refund. */
const ENDED: readonly OrderStatus[] = ['CANCELLED', 'EXPIRED', 'REFUNDED'];

/** Where the staff gives money back. */
@Injectable()
export class RefundDesk implements OnModuleInit {
  constructor(
    private readonly prisma: PrismaService,
    private readonly ledger: OrderLedger,
    private readonly refunds: Refunds,
    private readonly gateway: Gateway,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.outbox.on(REFUND, (payload) => this.#send((payload as { refundId: string }).refundId));
  }

  async request(orderId: string, wanted: NewRefund, userId: string, key: string): Promise<Refund> {
    const attempt = { userId, key, request: ['POST /v1/orders/:id/refunds', orderId, wanted] };
    return this.prisma.transaction((tx) => once(sqlIn(tx), attempt, () => this.#refund(tx, orderId, wanted, userId)));
  }

  async list(orderId: string, { limit, cursor }: RefundQuery): Promise<Page<Refund>> {
    const size = pageLimit(limit);
    const after = decodeCursor(cursor, ORDER, moment);
    if ((await this.prisma.order.count({ where: { id: orderId } })) === 0) throw missing();
    const rows = await this.prisma.refund.findMany({
      where: { payment: { orderId }, ...(after && { OR: [{ createdAt: { lt: after.key } }, { createdAt: after.key, id: { lt: after.id } }] }) },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: size + 1,
      include: WITH_PAYMENT,
    });
    return toPage(rows.map((row) => Object.assign(toRefund(row), { sortKey: row.createdAt.toISOString() })), size, ORDER);
  }

  async #refund(tx: Tx, orderId: string, { amountMinor, reason }: NewRefund, actor: string): Promise<Refund> {
    const order = await this.ledger.lock(tx, orderId);
    if (!order) throw missing();
    const payment = await tx.payment.findUnique({ where: { orderId } });
    if (!payment || ![...WAITING, ...ENDED].includes(order.status)) {
      throw new Problem(409, 'order.not_refundable', `No money goes back for an order that is ${order.status}.`);
    }
    const left = payment.capturedMinor - payment.refundedMinor;
    const row = left > 0 ? await this.refunds.giveBack(tx, { paymentId: payment.id, amountMinor: amountMinor ?? left, actor, reason }) : undefined;
    if (!row) throw new Problem(409, 'refund.too_much', `Of this payment, ${left} is left.`);
    if (WAITING.includes(order.status)) await this.ledger.move(tx, orderId, order.status, 'REFUND_PENDING', { actor, reason });
    return toRefund(row);
  }

  /** Asks Stripe; what comes of it the webhook tells, unless it is refused right away. */
  async #send(refundId: string): Promise<void> {
    const row = await this.prisma.refund.findUnique({ where: { id: refundId }, include: WITH_PAYMENT });
    if (row?.status !== 'pending' || row.providerId !== null) return;
    const { amountMinor, payment } = row;
    const providerId = await this.gateway.refund({ id: refundId, orderId: payment.orderId, intentId: payment.intentId ?? '', amountMinor });
    if (providerId) {
      await this.prisma.refund.updateMany({ where: { id: refundId, providerId: null }, data: { providerId, updatedAt: new Date() } });
      return;
    }
    await this.prisma.transaction((tx) => this.refunds.advance(tx, row, 'failed', null));
    this.log.error({ event: 'refund.failed', refundId, orderId: payment.orderId }, 'Stripe refused a refund');
  }
}

const missing = (): Problem => new Problem(404, 'order.not_found', 'There is no such order.');

function toRefund({ id, status, amountMinor, reason, createdAt, payment }: RefundRow): Refund {
  return { id, orderId: payment.orderId, status, amountMinor, currency: payment.currency, reason, createdAt: createdAt.toISOString() };
}
