import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../config.ts';
import { PrismaService, type Tx } from '../../db/prisma.service.ts';
import { sqlIn } from '../../db/sql.ts';
import { once } from '../../http/idempotency.ts';
import { Problem } from '../../http/problem.ts';
import type { Logger } from '../../logger.ts';
import { Outbox } from '../../outbox/outbox.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { Offers, type Offer } from '../../ports/offers.ts';
import { BILLED, Payments, type Bill, type OpenPayment } from '../../ports/payments.ts';
import { change, sumOf, toLine, wishesOf, type Wish } from './carts.ts';
import { recordReserved, reserve, type Goods } from './inventory.ts';
import type { Line, Order, PlacedOrder } from './schema.ts';
import { toOrder, WITH_ITEMS } from './view.ts';

type Item = Goods & Line & Pick<Offer, 'currency'>;

/** The most that one payment can take, as `orders_total_range` has it. */
const MOST_MINOR = 99_999_999;
/** How long the one who checked out has to open the payment, before somebody else does. */
const PATIENCE_S = 5;

/** Makes an order of a cart: all of it in one transaction, but for the payment. */
@Injectable()
export class Checkout {
  constructor(
    private readonly config: Config,
    private readonly prisma: PrismaService,
    private readonly offers: Offers,
    private readonly payments: Payments,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async place(userId: string, key: string): Promise<PlacedOrder> {
    const attempt = { userId, key, request: 'POST /v1/orders' };
    const order = await this.prisma.transaction((tx) => once(sqlIn(tx), attempt, () => this.#order(tx, userId)));
    return { ...order, payment: (await this.#pay(billOf(order))) ?? null };
  }

  async #order(tx: Tx, userId: string): Promise<Order> {
    await change(tx, userId, null);
    const wishes = await wishesOf(tx, userId);
    // Taken first: what is taken does not change its price until the order is made.
    const short = await reserve(tx, wishes);
    const items = await this.#price(tx, wishes);
    if (short.length > 0) throw outOfStock(short, 'there are not so many left');
    const order = await this.#record(tx, userId, items);
    await recordReserved(tx, order.id, items);
    await this.outbox.add(tx, BILLED, { ...billOf(order) }, PATIENCE_S);
    await tx.cartItem.deleteMany({ where: { userId } });
    return order;
  }

  /** What the catalog asks for right now, whatever anyone was shown before. */
  async #price(tx: Tx, wishes: readonly Wish[]): Promise<readonly [Item, ...Item[]]> {
    const offers = await this.offers.find(tx, wishes.map(({ sku }) => sku));
    const gone = wishes.filter(({ sku }) => !offers.has(sku));
    if (gone.length > 0) throw outOfStock(gone, 'is no longer for sale');
    const [first, ...rest] = wishes.flatMap(({ sku, quantity }) => {
      const offer = offers.get(sku);
      return offer ? [{ ...toLine(offer, quantity), variantId: offer.variantId, currency: offer.currency }] : [];
    });
    if (!first) throw new Problem(409, 'cart.empty', 'There is nothing in the cart.');
    return [first, ...rest];
  }

  async #record(tx: Tx, userId: string, items: readonly [Item, ...Item[]]): Promise<Order> {
    const total = sumOf(items);
    if (total > MOST_MINOR) throw new Problem(409, 'order.too_large', 'No payment can take so much. Buy it in several orders.');
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      insert into orders (user_id, currency, total_minor, expires_at)
      values (${userId}::uuid, ${items[0].currency}, ${total}, now() + make_interval(secs => ${this.config.paymentSeconds}))
      returning id`;
    const orderId = row?.id ?? '';
    const snapshots = items.map(({ variantId, sku, title, quantity, unitMinor, lineMinor }) => ({ orderId, variantId, sku, title, quantity, unitMinor, lineMinor }));
    await tx.orderItem.createMany({ data: snapshots });
    await tx.orderTransition.create({ data: { orderId, toStatus: 'PENDING_PAYMENT', actor: userId, reason: 'placed' } });
    return toOrder(await tx.order.findUniqueOrThrow({ where: { id: orderId }, include: WITH_ITEMS }));
  }

  // The order stands, whatever becomes of this: the message that it left opens the payment later.
  async #pay(bill: Bill): Promise<OpenPayment | undefined> {
    try {
      return await this.payments.open(bill);
    } catch (error) {
      this.log.warn({ err: error, orderId: bill.orderId }, 'the payment could not be opened yet');
      return undefined;
    }
  }
}

const billOf = ({ id, totalMinor, currency }: Order): Bill => ({ orderId: id, amountMinor: totalMinor, currency });

function outOfStock(lines: readonly Wish[], detail: string): Problem {
  const errors = lines.map(({ sku }) => ({ pointer: `/cart/items/${sku}`, detail }));
  return new Problem(409, 'order.out_of_stock', 'Not everything in the cart can be bought.', { errors });
}
