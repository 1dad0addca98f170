import { Injectable } from '@nestjs/common';
import { PrismaService, type Tx } from '../../db/prisma.service.ts';
import { assertMatches } from '../../http/etag.ts';
import { Problem } from '../../http/problem.ts';
import { Offers, type Offer } from '../../ports/offers.ts';
import { MOST_LINES, type Cart, type Line } from './schema.ts';

/** Null accepts any version. */
type IfMatch = readonly number[] | null;

/** What somebody put in. What it costs, and whether it can be bought at all, is the catalog's to say. */
export interface Wish {
  readonly variantId: string;
  readonly sku: string;
  readonly quantity: number;
}

@Injectable()
export class Carts {
  constructor(
    private readonly prisma: PrismaService,
    private readonly offers: Offers,
  ) {}

  view(userId: string): Promise<Cart> {
    return this.prisma.transaction(async (tx) => {
      const cart = await tx.cart.findUnique({ where: { userId }, select: { version: true } });
      return this.#view(tx, userId, cart?.version ?? 0);
    });
  }

  put(userId: string, sku: string, quantity: number, ifMatch: IfMatch): Promise<Cart> {
    return this.prisma.transaction(async (tx) => {
      const version = await change(tx, userId, ifMatch);
      const offer = (await this.offers.find(tx, [sku])).get(sku);
      if (!offer) throw new Problem(404, 'variant.not_found', 'Nothing with this SKU is for sale.');
      await tx.cartItem.upsert({
        where: { userId_variantId: { userId, variantId: offer.variantId } },
        create: { userId, variantId: offer.variantId, quantity },
        update: { quantity },
      });
      await assertFits(tx, userId);
      return this.#view(tx, userId, version);
    });
  }

  remove(userId: string, sku: string, ifMatch: IfMatch): Promise<void> {
    return this.prisma.transaction(async (tx) => {
      await change(tx, userId, ifMatch);
      const { count } = await tx.cartItem.deleteMany({ where: { userId, variant: { sku } } });
      if (count === 0) throw new Problem(404, 'cart.item_not_found', 'There is no such thing in the cart.');
    });
  }

  clear(userId: string, ifMatch: IfMatch): Promise<void> {
    return this.prisma.transaction(async (tx) => {
      await change(tx, userId, ifMatch);
      await tx.cartItem.deleteMany({ where: { userId } });
    });
  }

  async #view(tx: Tx, userId: string, version: number): Promise<Cart> {
    const wishes = await wishesOf(tx, userId);
    const offers = await this.offers.find(tx, wishes.map(({ sku }) => sku));
    const items = wishes.flatMap(({ sku, quantity }) => {
      const offer = offers.get(sku);
      return offer ? [toLine(offer, quantity)] : [];
    });
    return {
      items,
      unavailable: wishes.flatMap(({ sku }) => (offers.has(sku) ? [] : [sku])),
      currency: offers.values().next().value?.currency ?? null,
      totalMinor: sumOf(items),
      version,
    };
  }
}

/** Begins a change of a cart, which nobody else changes until the transaction ends. Returns its new version. */
export async function change(tx: Tx, userId: string, ifMatch: IfMatch): Promise<number> {
  const [cart] = await tx.$queryRaw<{ version: number }[]>`
    insert into carts (user_id) values (${userId}::uuid)
    on conflict (user_id) do update set version = carts.version + 1, updated_at = now()
    returning version`;
  const version = cart?.version ?? 1;
  assertMatches(ifMatch, version - 1);
  return version;
}

export function wishesOf(tx: Tx, userId: string): Promise<readonly Wish[]> {
  return tx.$queryRaw<Wish[]>`
    select v.id as "variantId", v.sku, i.quantity from cart_items i join variants v on v.id = i.variant_id
    where i.user_id = ${userId}::uuid order by i.added_at, v.sku`;
}

export const toLine = ({ sku, title, unitMinor }: Offer, quantity: number): Line => ({ sku, title, quantity, unitMinor, lineMinor: unitMinor * quantity });

export const sumOf = (lines: readonly Pick<Line, 'lineMinor'>[]): number => lines.reduce((sum, { lineMinor }) => sum + lineMinor, 0);

// The currencies of what is not for sale at the moment count, too: it may be again.
async function assertFits(tx: Tx, userId: string): Promise<void> {
  const [cart] = await tx.$queryRaw<{ lines: number; currencies: number }[]>`
    select count(*)::int as lines, count(distinct v.currency)::int as currencies
    from cart_items i join variants v on v.id = i.variant_id where i.user_id = ${userId}::uuid`;
  if (cart && cart.lines > MOST_LINES) throw new Problem(409, 'cart.full', `A cart holds at most ${MOST_LINES} different things.`);
  if (cart && cart.currencies > 1) throw new Problem(409, 'cart.currency', 'What is in the cart is sold in another currency.');
}
