import type { Prisma } from '../../generated/prisma/client.ts';
import { bySku } from './inventory.ts';
import type { Line, Order, StaffOrder, Transition, WithTransitions } from './schema.ts';

/** What is read of an order, to be shown. */
export const WITH_ITEMS = { items: true } as const satisfies Prisma.OrderInclude;
export const WITH_TRANSITIONS = { ...WITH_ITEMS, transitions: { orderBy: { id: 'asc' } } } as const satisfies Prisma.OrderInclude;

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

type Row = Prisma.OrderGetPayload<{ include: typeof WITH_ITEMS }>;
type DetailedRow = Prisma.OrderGetPayload<{ include: typeof WITH_TRANSITIONS }>;

export function toOrder({ id, number, status, currency, totalMinor, items, expiresAt, placedAt, version }: Row): Order {
  return {
    id,
    number: Number(number),
    status,
    currency,
    totalMinor,
    items: items.toSorted(bySku).map(toLine),
    expiresAt: expiresAt.toISOString(),
    placedAt: placedAt.toISOString(),
    version,
  };
}

export const toStaffOrder = (row: Row): StaffOrder => ({ ...toOrder(row), userId: row.userId });

export const toDetailedOrder = (row: DetailedRow): WithTransitions<Order> => ({
  ...toOrder(row),
  transitions: row.transitions.map(toTransition).map((transition) => forCustomer(transition, row.userId)),
});

export const toDetailedStaffOrder = (row: DetailedRow): WithTransitions<StaffOrder> => ({ ...toStaffOrder(row), transitions: row.transitions.map(toTransition) });

/** Which of the staff it was, and what they wrote about it, is not for customers. */
function forCustomer(transition: Transition, userId: string): Transition {
  const other = UUID.test(transition.actor) && transition.actor !== userId;
  return other ? { ...transition, actor: 'staff', reason: '' } : transition;
}

const toLine = ({ sku, title, quantity, unitMinor, lineMinor }: Row['items'][number]): Line => ({ sku, title, quantity, unitMinor, lineMinor });

function toTransition({ fromStatus, toStatus, actor, reason, at }: DetailedRow['transitions'][number]): Transition {
  return { from: fromStatus, to: toStatus, actor, reason, at: at.toISOString() };
}
