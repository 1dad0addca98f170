import { All, Controller, Global, Injectable, Module } from '@nestjs/common';
import { notBuilt } from '../../http/not-built.ts';
import { OrderLedger, type OrderState } from '../../ports/orders.ts';

// One by one: what stands below an order is not all of this feature.
const STEPS = ['cancel', 'fulfil', 'ship', 'deliver'].map((step) => `orders/:id/${step}`);

@Controller('v1')
export class OrdersStubController {
  @All(['cart', 'cart/*path', 'orders', 'orders/:id', ...STEPS, 'staff/orders', 'staff/orders/:id'])
  answer(): never {
    return notBuilt('orders');
  }
}

@Injectable()
export class NoLedger extends OrderLedger {
  override async lock(): Promise<OrderState | undefined> {
    return undefined;
  }

  override async move(): Promise<boolean> {
    return false;
  }
}

/** Not built yet: see README.md. */
@Global()
@Module({
  controllers: [OrdersStubController],
  providers: [{ provide: OrderLedger, useClass: NoLedger }],
  exports: [OrderLedger],
})
export class OrdersModule {}
