import type { Tx } from '../../db/prisma.service.ts';
import type { Fate } from './states.ts';

/** So many of one variant. */
export interface Goods {
  readonly variantId: string;
  readonly sku: string;
  readonly quantity: number;
}

/**
 * Two transactions that take several variants take them in one order, so neither ever waits for
 * the other. By code units: the database's own order depends on its locale.
 */
export const bySku = (a: { readonly sku: string }, b: { readonly sku: string }): number => (a.sku < b.sku ? -1 : 1);

/** Promises goods to an order that is about to be made, and returns what there is too little of. */
export async function reserve<Wanted extends Goods>(tx: Tx, goods: readonly Wanted[]): Promise<readonly Wanted[]> {
  const short: Wanted[] = [];
  for (const wanted of goods.toSorted(bySku)) {
    if (!(await take(tx, wanted))) short.push(wanted);
  }
  return short;
}

// One statement asks and takes, so nobody can come in between.
async function take(tx: Tx, { variantId, quantity }: Goods): Promise<boolean> {
  const rows = await tx.$executeRaw`
    update variants set reserved = reserved + ${quantity}
    where id = ${variantId}::uuid and on_hand - reserved >= ${quantity}`;
  return rows === 1;
}

export async function recordReserved(tx: Tx, orderId: string, goods: readonly Goods[]): Promise<void> {
  await tx.stockMovement.createMany({
    data: goods.map(({ variantId, quantity }) => ({ variantId, orderId, kind: 'reserved', onHandDelta: 0, reservedDelta: quantity })),
  });
}

/** Ends the reservations of an order, by giving the goods back or by selling them. */
export async function settle(tx: Tx, orderId: string, fate: Fate): Promise<void> {
  const goods = await tx.orderItem.findMany({ where: { orderId }, select: { variantId: true, sku: true, quantity: true } });
  const leaves = (quantity: number) => (fate === 'sold' ? quantity : 0);
  for (const { variantId, quantity } of goods.toSorted(bySku)) {
    await tx.$executeRaw`
      update variants set on_hand = on_hand - ${leaves(quantity)}, reserved = reserved - ${quantity}
      where id = ${variantId}::uuid`;
  }
  await tx.stockMovement.createMany({
    data: goods.map(({ variantId, quantity }) => ({ variantId, orderId, kind: fate, onHandDelta: -leaves(quantity), reservedDelta: -quantity })),
  });
}
