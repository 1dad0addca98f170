import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { PrismaService } from '../../db/prisma.service.ts';
import { Jobs } from '../../jobs/jobs.ts';
import type { Logger } from '../../logger.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { OrderLedger } from '../../ports/orders.ts';
import { Payments } from '../../ports/payments.ts';

const EVERY_MS = 1000;
const BATCH = 10;
/** Longer than it takes to learn from Stripe that it does not answer. */
const LEASE_S = 30;
/** When an order is looked at again that could not be expired: the longer it takes, the less often. */
const AGAIN_S = { least: 5, most: 600, ofTheDelay: 0.1 };
const WHY = Object.freeze({ actor: 'expiry', reason: 'not paid in time' });

/** Ends orders that nobody paid in time. Any number of processes may do it at once. */
@Injectable()
export class Expiry implements OnModuleInit {
  constructor(
    private readonly prisma: PrismaService,
    private readonly jobs: Jobs,
    private readonly ledger: OrderLedger,
    private readonly payments: Payments,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.jobs.add({ name: 'expiry', everyMs: EVERY_MS, work: () => this.sweep() });
  }

  /** Expires some orders, and tells whether there may be more. */
  async sweep(): Promise<boolean> {
    const orders = await this.#claim();
    await Promise.all(orders.map(({ id }) => this.#expire(id)));
    return orders.length === BATCH;
  }

  // A lease and no lock: Stripe is asked in between, and no transaction waits for another company.
  // A process that dies over an order leaves it to the others.
  #claim(): Promise<readonly { readonly id: string }[]> {
    return this.prisma.$queryRaw<{ id: string }[]>`
      update orders set leased_until = now() + make_interval(secs => ${LEASE_S})
      where id in (
        select id from orders
        where status = 'PENDING_PAYMENT' and expires_at <= now() and (leased_until is null or leased_until <= now())
        order by coalesce(leased_until, expires_at) limit ${BATCH} for update skip locked)
      returning id`;
  }

  async #expire(id: string): Promise<void> {
    try {
      // Goods are given back only once nobody can pay for them any more. What is paid is left to the webhook.
      if (await this.payments.close(id)) await this.prisma.transaction((tx) => this.ledger.move(tx, id, 'PENDING_PAYMENT', 'EXPIRED', WHY));
      else await this.#postpone(id);
    } catch (error) {
      this.log.warn({ err: error, orderId: id }, 'an order could not be expired, and will be tried again');
      await this.#postpone(id);
    }
  }

  async #postpone(id: string): Promise<void> {
    const { least, most, ofTheDelay } = AGAIN_S;
    await this.prisma.$executeRaw`
      update orders set leased_until = now() + make_interval(
        secs => least(greatest(extract(epoch from now() - expires_at) * ${ofTheDelay}, ${least}), ${most}))
      where id = ${id}::uuid`;
  }
}
