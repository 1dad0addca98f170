import { Inject, Injectable } from '@nestjs/common';
import { PrismaService, type Tx } from '../../db/prisma.service.ts';
import type { Logger } from '../../logger.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { intentOf, type News, type Notice } from './events.ts';
import { Refunds } from './refunds.ts';
import { Settlement } from './settlement.ts';

/** What somebody has to look at: it is about money, and no program can put it right. */
const ALARMS: Readonly<Record<string, readonly [event: string, message: string]>> = Object.freeze({
  mismatch: ['payment.mismatch', 'another amount was paid than the order asks for; it is not taken for paid'],
  'refund-mismatch': ['refund.mismatch', 'Stripe tells of a refund that is not the one that was asked for'],
  'refund-failed': ['refund.failed', 'a refund failed, and the money came back'],
});

/** Takes events: each one once, with all that it means, or not at all. */
@Injectable()
export class Webhooks {
  constructor(
    private readonly prisma: PrismaService,
    private readonly settlement: Settlement,
    private readonly refunds: Refunds,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async take(notice: Notice): Promise<void> {
    const outcome = await this.prisma.transaction((tx) => this.#once(tx, notice));
    const { id, type, news } = notice;
    const facts = { stripeEvent: id, type, intentId: intentOf(news), outcome };
    const [event, message] = ALARMS[outcome] ?? [];
    if (event) this.log.error({ event, ...facts }, message);
    else this.log.info(facts, 'an event was taken');
  }

  // The event's row comes first: a copy that arrives meanwhile waits here until it is known what
  // became of the first one, and a crash takes the row and the effects away together.
  async #once(tx: Tx, { id, type, news }: Notice): Promise<string> {
    const fresh = await tx.$executeRaw`
      insert into stripe_events (id, type, intent_id) values (${id}, ${type}, ${intentOf(news)}) on conflict do nothing`;
    if (fresh === 0) return 'repeated';
    const outcome = await this.#effects(tx, news);
    await tx.stripeEvent.update({ where: { id }, data: { outcome } });
    return outcome;
  }

  async #effects(tx: Tx, news: News): Promise<string> {
    switch (news.kind) {
      case 'paid':
        return this.settlement.paid(tx, news.intent);
      case 'cancelled':
        return this.settlement.cancelled(tx, news.intent);
      case 'refund':
        return this.refunds.report(tx, news.refund);
      case 'other':
        return 'ignored';
    }
  }
}
