import { Injectable } from '@nestjs/common';
import { PrismaService, type Tx } from '../../db/prisma.service.ts';
import { sqlIn } from '../../db/sql.ts';
import { decodeCursor } from '../../http/cursor.ts';
import { once } from '../../http/idempotency.ts';
import { pageLimit, toPage, type Page } from '../../http/page.ts';
import { Database } from '../../ports/database.ts';
import { found } from './found.ts';
import { listMovements } from './listing.ts';
import type { MovementQuery, StockChange } from './schema.ts';
import { LEVEL, type Level, type Movement } from './views.ts';

const ORDER = '-movement';

/** Goods that come in, or turn out to be missing. What orders do to the stock is theirs. */
@Injectable()
export class Stock {
  constructor(
    private readonly prisma: PrismaService,
    private readonly db: Database,
  ) {}

  /** With a key, the same request counts once however often it is sent. */
  change(sku: string, change: StockChange, actorId: string, key?: string): Promise<Level> {
    return this.prisma.transaction((tx) => {
      const work = () => move(tx, sku, change, actorId);
      return key === undefined ? work() : once(sqlIn(tx), { userId: actorId, key, request: { sku, ...change } }, work);
    });
  }

  /** Newest first. */
  async movements(sku: string, query: MovementQuery): Promise<Page<Movement>> {
    const limit = pageLimit(query.limit);
    const after = decodeCursor(query.cursor, ORDER);
    const { id } = found(await this.prisma.variant.findUnique({ where: { sku }, select: { id: true } }), 'variant');
    const { data, page } = toPage(await listMovements(this.db, id, { after, rows: limit + 1 }), limit, ORDER);
    return { data: data.map(({ id: _, ...movement }) => movement), page };
  }
}

// Added in the database, so that of two changes at once neither is lost; what it may not become, the constraints know.
async function move(tx: Tx, sku: string, { delta, reason }: StockChange, actorId: string): Promise<Level> {
  const [row] = await tx.variant.updateManyAndReturn({ where: { sku }, data: { onHand: { increment: delta } }, select: { ...LEVEL, id: true } });
  const { id: variantId, ...level } = found(row, 'variant');
  const kind = delta > 0 ? 'received' : 'adjusted';
  await tx.stockMovement.create({ data: { variantId, kind, onHandDelta: delta, reservedDelta: 0, actorId, reason } });
  return level;
}
