import { Injectable } from '@nestjs/common';
import type { Tx } from '../../db/prisma.service.ts';
import type { OrderStatus } from '../../generated/prisma/enums.ts';
import { OrderLedger, type OrderState, type Reason } from '../../ports/orders.ts';
import { settle } from './inventory.ts';
import { fateOf, isLegal } from './states.ts';

@Injectable()
export class Ledger extends OrderLedger {
  override async lock(tx: Tx, orderId: string): Promise<OrderState | undefined> {
    const [order] = await tx.$queryRaw<OrderState[]>`
      select id, user_id as "userId", status, total_minor as "totalMinor", currency
      from orders where id = ${orderId}::uuid for update`;
    return order;
  }

  override async move(tx: Tx, orderId: string, from: OrderStatus, to: OrderStatus, { actor, reason }: Reason): Promise<boolean> {
    if (!isLegal(from, to)) throw new Error(`no order moves from ${from} to ${to}`);
    const moved = await tx.$executeRaw`
      update orders set status = ${to}::order_status, leased_until = null, version = version + 1, updated_at = now()
      where id = ${orderId}::uuid and status = ${from}::order_status`;
    if (moved === 0) return false;
    await tx.orderTransition.create({ data: { orderId, fromStatus: from, toStatus: to, actor, reason } });
    const fate = fateOf(from, to);
    if (fate) await settle(tx, orderId, fate);
    return true;
  }
}
