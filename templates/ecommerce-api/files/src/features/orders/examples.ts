import type { Cart, Order, PlacedOrder, StaffOrder, Transition, WithTransitions } from './schema.ts';

const line = { sku: 'TEAPOT-BLUE', title: 'Teapot, blue', quantity: 2, unitMinor: 1999, lineMinor: 3998 };
const [PERSON, PLACED, EXPIRES] = ['5b1f7a52-6f0c-4b8e-8d1e-2f3a4b5c6d7e', '2031-05-06T07:08:07.123Z', '2031-05-06T07:38:07.123Z'];

export const cart: Cart = { items: [line], unavailable: [], currency: 'EUR', totalMinor: 3998, version: 3 };

export const order: Order = {
  id: '0b9c8d7e-6f5a-4b3c-8d1e-0f9a8b7c6d5e',
  number: 1042,
  status: 'PENDING_PAYMENT',
  currency: 'EUR',
  totalMinor: 3998,
  items: [line],
  expiresAt: EXPIRES,
  placedAt: PLACED,
  version: 1,
};

const transitions: readonly Transition[] = [{ from: null, to: 'PENDING_PAYMENT', actor: PERSON, reason: 'placed', at: PLACED }];

export const placed: PlacedOrder = { ...order, payment: { intentId: 'pi_3Pq', clientSecret: 'pi_3Pq_secret_9Xy' } };
export const detailed: WithTransitions<Order> = { ...order, transitions };
export const staffs: StaffOrder = { ...order, userId: PERSON };
export const detailedStaffs: WithTransitions<StaffOrder> = { ...staffs, transitions };
