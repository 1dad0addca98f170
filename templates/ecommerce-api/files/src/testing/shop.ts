import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { TestingModuleBuilder } from '@nestjs/testing';
import type { Request } from 'express';
import { PrismaService, type Tx } from '../db/prisma.service.ts';
import type { OrderStatus } from '../generated/prisma/enums.ts';
import { Authenticator, type Identity } from '../ports/identity.ts';
import { Offers, type Offer } from '../ports/offers.ts';
import type { Credential } from '../ports/openapi.ts';
import { OrderLedger, type OrderState, type Reason } from '../ports/orders.ts';
import type { Role } from '../ports/roles.ts';
import type { TestApp } from './app.ts';

/** Whoever the headers name: tests of a feature need no other feature to be built. */
@Injectable()
class NamedCaller extends Authenticator {
  override async authenticate(request: Request): Promise<Identity> {
    return { userId: request.get('x-user') ?? '', role: (request.get('x-role') ?? 'customer') as Role };
  }

  override credential(): Credential {
    return { description: 'None.', required: false };
  }
}

/** Everything that stands in the tables is for sale, unless it is retired. */
@Injectable()
class PlainOffers extends Offers {
  override async find(tx: Tx, skus: readonly string[]): Promise<ReadonlyMap<string, Offer>> {
    const variants = await tx.variant.findMany({ where: { sku: { in: [...skus] }, retired: false } });
    return new Map(variants.map(({ id, sku, title, priceMinor, currency }) => [sku, { variantId: id, sku, title, unitMinor: priceMinor, currency }]));
  }
}

/** Moves orders, and knows nothing of stock. */
@Injectable()
class PlainLedger extends OrderLedger {
  override async lock(tx: Tx, orderId: string): Promise<OrderState | undefined> {
    return (await tx.order.findUnique({ where: { id: orderId } })) ?? undefined;
  }

  override async move(tx: Tx, orderId: string, from: OrderStatus, to: OrderStatus, { actor, reason }: Reason): Promise<boolean> {
    const { count } = await tx.order.updateMany({ where: { id: orderId, status: from }, data: { status: to } });
    if (count > 0) await tx.orderTransition.create({ data: { orderId, fromStatus: from, toStatus: to, actor, reason } });
    return count > 0;
  }
}

export const withCallers = (module: TestingModuleBuilder): TestingModuleBuilder => module.overrideProvider(Authenticator).useClass(NamedCaller);

export const withOffers = (module: TestingModuleBuilder): TestingModuleBuilder => module.overrideProvider(Offers).useClass(PlainOffers);

export const withLedger = (module: TestingModuleBuilder): TestingModuleBuilder => module.overrideProvider(OrderLedger).useClass(PlainLedger);

/** What a request of somebody carries. */
export type Headers = Readonly<Record<string, string>>;

/** Somebody whom `withCallers` knows by these headers. */
export async function plantPerson({ app }: TestApp, role: Role = 'customer'): Promise<{ readonly userId: string; readonly headers: Headers }> {
  const { id } = await app.get(PrismaService).user.create({ data: { email: `${randomUUID()}@example.test`, passwordHash: '!', role } });
  return { userId: id, headers: { 'X-User': id, 'X-Role': role } };
}

/** A product with one variant, and so many of it. */
export async function plantVariant({ app }: TestApp, { onHand = 10, priceMinor = 500, currency = 'EUR' } = {}): Promise<{ readonly id: string; readonly sku: string }> {
  const sku = randomUUID().toUpperCase();
  const product = { slug: sku.toLowerCase(), title: 'Teapot', status: 'published' } as const;
  const { id } = await app.get(PrismaService).variant.create({
    data: { sku, title: 'Teapot', priceMinor, currency, onHand, product: { create: product } },
  });
  return { id, sku };
}

/** An order of one thing, in any status, without what led to it. */
export async function plantOrder({ app }: TestApp, userId: string, { status = 'PENDING_PAYMENT' as OrderStatus, totalMinor = 500 } = {}): Promise<string> {
  const { id } = await app.get(PrismaService).order.create({ data: { userId, status, currency: 'EUR', totalMinor, expiresAt: new Date(Date.now() + 60_000) } });
  return id;
}
