import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { PrismaService } from '../../db/prisma.service.ts';
import { Caller, Roles } from '../../http/decorators.ts';
import { Problem } from '../../http/problem.ts';
import { requiredKey } from '../../http/required-key.ts';
import { Described, Grouped } from '../../openapi/described.ts';
import type { Identity } from '../../ports/identity.ts';
import { OrderLedger } from '../../ports/orders.ts';
import { Payments } from '../../ports/payments.ts';
import { Gateway, unavailable } from './gateway.ts';
import { RefundDesk } from './refund.desk.ts';
import { examples, NewRefund, PaidPath, PaymentAnswer, RefundAnswer, RefundPage, RefundQuery } from './schema.ts';

@Controller('v1/orders/:id')
@Grouped({ name: 'Payments', description: 'By Stripe: an order has one intent, and is paid when Stripe says so.' })
export class PaymentsController {
  constructor(
    private readonly prisma: PrismaService,
    private readonly ledger: OrderLedger,
    private readonly payments: Payments,
    private readonly gateway: Gateway,
    private readonly desk: RefundDesk,
  ) {}

  @Post('payment')
  @HttpCode(200)
  @Described({
    id: 'openPayment',
    summary: 'Ask for what an order is paid with',
    description: 'However often it is asked for, an order has one payment. It takes no Idempotency-Key: its own name is one.',
    answers: [{ status: 200, description: 'The payment.', content: { schema: PaymentAnswer, example: examples.payment } }],
    refusals: { 409: 'The order is not to be paid, or no longer.', 503: 'Stripe does not answer, or there is no account.' },
  })
  async open(@Param({ schema: PaidPath }) { id }: PaidPath, @Caller() { userId }: Identity) {
    const order = await this.prisma.transaction((tx) => this.ledger.lock(tx, id));
    if (order?.userId !== userId) throw new Problem(404, 'order.not_found', 'There is no such order.');
    if (!this.gateway.ready) throw unavailable();
    const payment = await this.payments.open({ orderId: id, amountMinor: order.totalMinor, currency: order.currency });
    if (!payment) throw new Problem(409, 'order.not_payable', 'The order is not to be paid, or no longer.');
    return payment;
  }

  @Post('refunds')
  @HttpCode(202)
  @Roles(['staff', 'admin'])
  @Described({
    id: 'refundOrder',
    summary: 'Give money back',
    description: 'The Idempotency-Key is required. Stripe is asked afterwards, and its webhook tells what became of it.',
    example: examples.newRefund,
    idempotencyKey: true,
    answers: [{ status: 202, description: 'The refund, which is pending.', content: { schema: RefundAnswer, example: examples.refund } }],
    refusals: { 409: 'There is not so much left, another refund is pending, or the order is in no status for it.', 503: 'There is no account at Stripe.' },
  })
  refund(@Param({ schema: PaidPath }) { id }: PaidPath, @Body({ schema: NewRefund }) wanted: NewRefund, @Caller() { userId }: Identity, @Req() request: Request) {
    const key = requiredKey(request);
    if (!this.gateway.ready) throw unavailable();
    return this.desk.request(id, wanted, userId, key);
  }

  @Get('refunds')
  @Roles(['staff', 'admin'])
  @Described({
    id: 'listRefunds',
    summary: 'List the refunds of an order',
    answers: [{ status: 200, description: 'A page, newest first.', content: { schema: RefundPage, example: { data: [examples.refund], page: { nextCursor: null } } } }],
  })
  list(@Param({ schema: PaidPath }) { id }: PaidPath, @Query({ schema: RefundQuery }) query: RefundQuery) {
    return this.desk.list(id, query);
  }
}
