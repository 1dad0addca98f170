import { All, Controller, Global, Injectable, Module } from '@nestjs/common';
import { Anonymous } from '../../http/decorators.ts';
import { notBuilt } from '../../http/not-built.ts';
import { Payments, type OpenPayment } from '../../ports/payments.ts';

@Controller('v1')
@Anonymous()
export class PaymentsStubController {
  @All(['webhooks/stripe', 'orders/:id/payment', 'orders/:id/refunds'])
  answer(): never {
    return notBuilt('payments');
  }
}

@Injectable()
export class NoPayments extends Payments {
  override async open(): Promise<OpenPayment | undefined> {
    return undefined;
  }

  override async close(): Promise<boolean> {
    return true;
  }
}

/** Not built yet: see README.md. */
@Global()
@Module({
  controllers: [PaymentsStubController],
  providers: [{ provide: Payments, useClass: NoPayments }],
  exports: [Payments],
})
export class PaymentsModule {}
