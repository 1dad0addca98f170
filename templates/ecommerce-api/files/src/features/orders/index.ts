import { Global, Module } from '@nestjs/common';
import { OrderLedger } from '../../ports/orders.ts';
import { CartController } from './cart.controller.ts';
import { Carts } from './carts.ts';
import { Checkout } from './checkout.ts';
import { Expiry } from './expiry.ts';
import { Ledger } from './ledger.ts';
import { OrdersController } from './orders.controller.ts';
import { Orders } from './orders.ts';
import { StaffOrdersController } from './staff.controller.ts';

/** From the cart to the customer's door. */
@Global()
@Module({
  controllers: [CartController, OrdersController, StaffOrdersController],
  providers: [Carts, Checkout, Orders, Expiry, { provide: OrderLedger, useClass: Ledger }],
  exports: [OrderLedger],
})
export class OrdersModule {}
