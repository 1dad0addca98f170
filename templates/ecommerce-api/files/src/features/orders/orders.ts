import { Injectable } from '@nestjs/common';
import { PrismaService } from '../../db/prisma.service.ts';
import type { OrderStatus } from '../../generated/prisma/enums.ts';
import { decodeCursor } from '../../http/cursor.ts';
import { pageLimit, toPage, type Page } from '../../http/page.ts';
import { Problem } from '../../http/problem.ts';
import { moment } from '../../http/query.ts';
import { OrderLedger } from '../../ports/orders.ts';
import { Payments } from '../../ports/payments.ts';
import type { Order, StaffOrder, StaffQuery, WithTransitions } from './schema.ts';
import { isLegal } from './states.ts';
import { toDetailedOrder, toDetailedStaffOrder, toStaffOrder, WITH_ITEMS, WITH_TRANSITIONS } from './view.ts';

const ORDER = 'placedAt';

/** Whose orders: one person's, or everybody's. */
interface Scope {
  readonly userId?: string;
}

@Injectable()
export class Orders {
  constructor(
    private readonly prisma: PrismaService,
    private readonly ledger: OrderLedger,
    private readonly payments: Payments,
  ) {}

  async find(userId: string, id: string): Promise<WithTransitions<Order>> {
    return toDetailedOrder(await this.#row(id, { userId }));
  }

  async findAny(id: string): Promise<WithTransitions<StaffOrder>> {
    return toDetailedStaffOrder(await this.#row(id, {}));
  }

  async list(userId: string, query: StaffQuery): Promise<Page<Order>> {
    const { data, page } = await this.#page(query, { userId });
    return { data: data.map(({ userId: _, ...order }) => order), page };
  }

  listAny(query: StaffQuery): Promise<Page<StaffOrder>> {
    return this.#page(query, {});
  }

  /** Takes back an order that is not paid. */
  async cancel(userId: string, id: string): Promise<WithTransitions<Order>> {
    const { status } = await this.#row(id, { userId });
    if (status !== 'PENDING_PAYMENT') throw illegal(status, 'CANCELLED');
    if (!(await this.payments.close(id))) throw new Problem(409, 'order.being_paid', 'The order is just being paid.');
    const why = { actor: userId, reason: 'cancelled by the customer' };
    const cancelled = await this.prisma.transaction((tx) => this.ledger.move(tx, id, 'PENDING_PAYMENT', 'CANCELLED', why));
    const order = await this.find(userId, id);
    if (!cancelled) throw illegal(order.status, 'CANCELLED');
    return order;
  }

  /** Takes an order one step further on its way to the customer. */
  async advance(id: string, to: OrderStatus, actor: string): Promise<WithTransitions<StaffOrder>> {
    await this.prisma.transaction(async (tx) => {
      const order = await this.ledger.lock(tx, id);
      if (!order) throw missing();
      if (!isLegal(order.status, to)) throw illegal(order.status, to);
      await this.ledger.move(tx, id, order.status, to, { actor, reason: '' });
    });
    return this.findAny(id);
  }

  async #row(id: string, scope: Scope) {
    const row = await this.prisma.order.findFirst({ where: { id, ...scope }, include: WITH_TRANSITIONS });
    if (!row) throw missing();
    return row;
  }

  /** Newest first; the id breaks ties. */
  async #page({ status, limit, cursor }: StaffQuery, scope: Scope): Promise<Page<StaffOrder>> {
    const size = pageLimit(limit);
    const after = decodeCursor(cursor, ORDER, moment);
    const rows = await this.prisma.order.findMany({
      where: { ...scope, ...(status && { status }), ...(after && { OR: [{ placedAt: { lt: after.key } }, { placedAt: after.key, id: { lt: after.id } }] }) },
      orderBy: [{ placedAt: 'desc' }, { id: 'desc' }],
      take: size + 1,
      include: WITH_ITEMS,
    });
    return toPage(rows.map((row) => Object.assign(toStaffOrder(row), { sortKey: row.placedAt.toISOString() })), size, ORDER);
  }
}

const missing = (): Problem => new Problem(404, 'order.not_found', 'There is no such order.');

const illegal = (from: OrderStatus, to: OrderStatus): Problem => new Problem(409, 'order.illegal_move', `An order that is ${from} cannot become ${to}.`);
