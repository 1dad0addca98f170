import { Global, Module } from '@nestjs/common';
import { Payments } from '../../ports/payments.ts';
import { Gateway } from './gateway.ts';
import { PaymentsController } from './payments.controller.ts';
import { RefundDesk } from './refund.desk.ts';
import { Refunds } from './refunds.ts';
import { Settlement } from './settlement.ts';
import { StripePayments } from './stripe.payments.ts';
import { WebhookController } from './webhook.controller.ts';
import { Webhooks } from './webhooks.ts';

/** Payments by Stripe. */
@Global()
@Module({
  controllers: [PaymentsController, WebhookController],
  providers: [Gateway, Refunds, RefundDesk, Settlement, Webhooks, { provide: Payments, useClass: StripePayments }],
  exports: [Payments],
})
export class PaymentsModule {}
