import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { makeShop, placed, product, untilStatus, type Leaf as AnyLeaf, type Order, type Shop } from '../orders/world.ts';
import { Stripe } from '../stripe.ts';
import type { Refund as StripeRefund, StripeEvent } from '../stripe/objects.ts';
import { bodyOf, type Answer } from '../support/http.ts';
import { until } from '../support/poll.ts';
import { requireBuilt, type Kit } from '../support/suite.ts';

/** A shop that takes payments. */
export interface PayingShop extends Shop {
  readonly stripe: Stripe;
}

export type Leaf = AnyLeaf<PayingShop>;

export interface Sale {
  readonly id: string;
  readonly sku: string;
  readonly totalMinor: number;
  readonly intentId: string;
}

export interface Refund {
  readonly id: string;
  readonly orderId: string;
  readonly status: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string;
}

export interface Payment {
  readonly status: string;
  readonly intentId: string | null;
  readonly captured: number;
  readonly refunded: number;
}

export async function makePayingShop(kit: Kit, more: Readonly<Record<string, string>> = {}): Promise<PayingShop> {
  const stripe = await Stripe.open();
  const shop = await makeShop(kit, { ...stripe.env, ...more });
  requireBuilt('payments', await shop.services[0].client.post('/v1/webhooks/stripe', {}));
  return { ...shop, stripe };
}

/** An order of the customer's, with a payment that is open. */
export async function sale(shop: PayingShop, { quantity = 2, priceMinor = 1500 } = {}): Promise<Sale> {
  const { sku } = await product(shop, { priceMinor });
  const { id, totalMinor, payment } = await placed(shop.customer.api, [sku, quantity]);
  assert.ok(payment, 'the checkout answers with a payment');
  return { id, sku, totalMinor, intentId: payment.intentId };
}

/** Brings an event to a process, which must take it. */
export async function tell({ stripe, services }: PayingShop, event: StripeEvent, process = 0): Promise<void> {
  bodyOf(await stripe.deliver((services[process % 2] ?? services[0]).client, event));
}

/** An order that is paid. */
export async function paidSale(shop: PayingShop, goods?: { readonly quantity?: number; readonly priceMinor?: number }): Promise<Sale> {
  const made = await sale(shop, goods);
  await tell(shop, shop.stripe.account.pay(made.intentId));
  await untilStatus(shop, made.id, 'PAID', 0);
  return made;
}

export async function paymentOf({ database }: Shop, orderId: string): Promise<Payment | undefined> {
  const query = 'select status, intent_id as "intentId", captured_minor as captured, refunded_minor as refunded from payments where order_id = $1';
  return (await database.query<Payment>(query, [orderId]))[0];
}

export const askPayment = ({ customer }: Shop, orderId: string): Promise<Answer<NonNullable<Order['payment']>>> => customer.api.post(`/v1/orders/${orderId}/payment`);

export const askRefund = ({ staff }: Shop, orderId: string, body: object, key: string = randomUUID()): Promise<Answer<Refund>> =>
  staff.api.post<Refund>(`/v1/orders/${orderId}/refunds`, body, { 'Idempotency-Key': key });

/** The refunds of an intent, once Stripe knows so many. */
export const untilRefunds = ({ stripe }: PayingShop, intentId: string, many = 1): Promise<readonly StripeRefund[]> =>
  until(`Stripe is asked for ${many} refunds`, async () => {
    const refunds = stripe.account.refundsOf(intentId);
    return refunds.length >= many && refunds;
  }, { withinMs: 30_000 });

export async function countOf({ database }: Shop, query: string, ...values: readonly unknown[]): Promise<number> {
  return (await database.query(query, values)).length;
}

export const eventsStored = (shop: Shop, id: string): Promise<number> => countOf(shop, 'select 1 from stripe_events where id = $1', id);

/** How often an order came to a status. */
export const arrivals = (shop: Shop, orderId: string, status: string): Promise<number> =>
  countOf(shop, 'select 1 from order_transitions where order_id = $1 and to_status = $2::order_status', orderId, status);

export const overdue = ({ database }: Shop, ...ids: readonly string[]): Promise<unknown> =>
  database.query("update orders set expires_at = now() - interval '1 second', leased_until = null where id = any ($1)", [ids]);
