import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fateOf, isLegal, STATUSES } from './states.ts';

const LEGAL = [
  'PENDING_PAYMENT>PAID', 'PENDING_PAYMENT>CANCELLED', 'PENDING_PAYMENT>EXPIRED',
  'PAID>FULFILLING', 'PAID>REFUND_PENDING',
  'FULFILLING>SHIPPED', 'FULFILLING>REFUND_PENDING',
  'SHIPPED>DELIVERED',
  'REFUND_PENDING>REFUNDED', 'REFUND_PENDING>PARTIALLY_REFUNDED', 'REFUND_PENDING>PAID',
  'PARTIALLY_REFUNDED>REFUND_PENDING', 'PARTIALLY_REFUNDED>FULFILLING',
];

const pairs = STATUSES.flatMap((from) => STATUSES.map((to) => [from, to] as const));

test('of all moves, exactly these are legal', () => {
  const legal = pairs.filter(([from, to]) => isLegal(from, to)).map((pair) => pair.join('>'));
  assert.deepEqual(new Set(legal), new Set(LEGAL));
});

test('goods are sold when an order is paid, and given back when it ends before', () => {
  const fates = pairs.filter(([from, to]) => isLegal(from, to) && fateOf(from, to)).map(([from, to]) => `${from}>${to}: ${fateOf(from, to)}`);
  assert.deepEqual(fates, ['PENDING_PAYMENT>PAID: sold', 'PENDING_PAYMENT>CANCELLED: released', 'PENDING_PAYMENT>EXPIRED: released']);
});
