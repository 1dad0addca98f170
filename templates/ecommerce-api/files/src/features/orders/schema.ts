import { z, type ZodType } from 'zod';
import { listing } from '../../http/query.ts';
import { named, pageOf } from '../../openapi/schemas.ts';
import { STATUSES } from './states.ts';

export const MOST_LINES = 50;

export const Quantity = named('Quantity', z.strictObject({ quantity: z.int().min(1).max(99) }));
export type Quantity = z.infer<typeof Quantity>;

export const SkuPath = z.strictObject({
  sku: z.string().max(40).regex(/^[A-Z0-9]+(-[A-Z0-9]+)*$/, 'is no SKU'),
});
export type SkuPath = z.infer<typeof SkuPath>;

/** Nothing: what is bought stands in the cart, and what it costs in the catalog. (To a strict object without keys, an array is one, too.) */
export const Checkout = named('Checkout', z.record(z.string(), z.never('is not known here'), 'must be an object'));

export const OrderPath = z.strictObject({ id: z.uuid() });
export type OrderPath = z.infer<typeof OrderPath>;

export const OrderQuery = z.strictObject(listing);
export type OrderQuery = z.infer<typeof OrderQuery>;

export const StaffQuery = z.strictObject({ status: z.enum(STATUSES).optional(), ...listing });
export type StaffQuery = z.infer<typeof StaffQuery>;

export interface Line {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitMinor: number;
  readonly lineMinor: number;
}

export interface Cart {
  readonly items: readonly Line[];
  readonly unavailable: readonly string[];
  readonly currency: string | null;
  readonly totalMinor: number;
  readonly version: number;
}

export interface Order {
  readonly id: string;
  readonly number: number;
  readonly status: (typeof STATUSES)[number];
  readonly currency: string;
  readonly totalMinor: number;
  readonly items: readonly Line[];
  readonly expiresAt: string;
  readonly placedAt: string;
  readonly version: number;
}

export interface StaffOrder extends Order {
  readonly userId: string;
}

export interface PlacedOrder extends Order {
  readonly payment: { readonly intentId: string; readonly clientSecret: string } | null;
}

export interface Transition {
  readonly from: Order['status'] | null;
  readonly to: Order['status'];
  readonly actor: string;
  readonly reason: string;
  readonly at: string;
}

export type WithTransitions<T> = T & { readonly transitions: readonly Transition[] };

const minor = z.int().min(0).meta({ description: 'In minor units: cents, pence.' });
const currency = z.string().regex(/^[A-Z]{3}$/);

const Line: ZodType<Line> = named(
  'Line',
  z.strictObject({ sku: z.string(), title: z.string(), quantity: z.int().min(1).max(99), unitMinor: minor, lineMinor: minor }),
);

export const CartAnswer: ZodType<Cart> = named(
  'Cart',
  z.strictObject({
    items: z.array(Line),
    unavailable: z.array(z.string()).meta({ description: 'What was put in and is no longer for sale. Take it out, or nothing can be bought.' }),
    currency: currency.nullable(),
    totalMinor: minor,
    version: z.int().min(0),
  }),
);

const order = {
  id: z.uuid(),
  number: z.int().min(1),
  status: z.enum(STATUSES),
  currency,
  totalMinor: minor,
  items: z.array(Line),
  expiresAt: z.iso.datetime().meta({ description: 'Until when it can be paid.' }),
  placedAt: z.iso.datetime(),
  version: z.int().min(1),
};

const userId = z.uuid().meta({ description: 'Whose it is.' });

const transitions = z.array(
  z.strictObject({
    from: z.enum(STATUSES).nullable(),
    to: z.enum(STATUSES),
    actor: z.string().meta({ description: 'The id of a user, `staff` where a customer reads it, or the part of the service that did it.' }),
    reason: z.string(),
    at: z.iso.datetime(),
  }),
);

const payment = z
  .strictObject({ intentId: z.string(), clientSecret: z.string() })
  .nullable()
  .meta({ description: 'What to pay with; null where that is not known yet: ask for it by `POST /v1/orders/{id}/payment`.' });

const Order: ZodType<Order> = named('Order', z.strictObject(order));
const StaffOrder: ZodType<StaffOrder> = named('StaffOrder', z.strictObject({ ...order, userId }));

export const PlacedOrderAnswer: ZodType<PlacedOrder> = named('PlacedOrder', z.strictObject({ ...order, payment }));
export const OrderAnswer: ZodType<WithTransitions<Order>> = named('OrderWithTransitions', z.strictObject({ ...order, transitions }));
export const StaffOrderAnswer: ZodType<WithTransitions<StaffOrder>> = named('StaffOrderWithTransitions', z.strictObject({ ...order, userId, transitions }));
export const OrderPage = pageOf('OrderPage', Order);
export const StaffOrderPage = pageOf('StaffOrderPage', StaffOrder);
