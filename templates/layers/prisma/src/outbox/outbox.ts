import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Prisma } from '../generated/prisma/client.ts';
import { PrismaService, type Tx } from '../db/prisma.service.ts';
import { Jobs } from '../jobs/jobs.ts';
import type { Logger } from '../logger.ts';
import { LOGGER } from '../platform/tokens.ts';

type Handler = (payload: Prisma.JsonValue) => Promise<void>;

interface Subscription {
  readonly handler: Handler;
  readonly able: () => boolean;
}

interface Message {
  readonly id: bigint;
  readonly topic: string;
  readonly payload: Prisma.JsonValue;
  readonly attempts: number;
}

const BATCH = 10;
const EVERY_MS = 500;

/**
 * What has to happen after a transaction, at least once: it is written in the transaction, and
 * done by whichever process finds it. A process that dies over a message leaves it to the others,
 * so handlers must bear to be called again.
 */
@Injectable()
export class Outbox implements OnModuleInit {
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(
    private readonly prisma: PrismaService,
    private readonly jobs: Jobs,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.jobs.add({ name: 'outbox', everyMs: EVERY_MS, work: () => this.relay() });
  }

  /**
   * To be called before the application has started. Messages that nobody handles wait. A process
   * that says it is not `able` leaves them to the others, and costs them no attempt.
   */
  on(topic: string, handler: Handler, able: () => boolean = () => true): void {
    if (this.#subscriptions.has(topic)) throw new Error(`${topic} is handled already`);
    this.#subscriptions.set(topic, { handler, able });
  }

  /** With `afterSeconds`, nobody takes it up before that: whoever adds it may be doing it already. */
  async add(tx: Tx, topic: string, payload: Prisma.InputJsonObject, afterSeconds = 0): Promise<void> {
    await tx.$executeRaw`
      insert into outbox (topic, payload, available_at)
      values (${topic}, ${payload}::jsonb, now() + make_interval(secs => ${afterSeconds}))`;
  }

  /** Handles what is due, and tells whether there may be more. */
  async relay(): Promise<boolean> {
    const messages = await this.#claim();
    for (const message of messages) await this.#handle(message);
    return messages.length === BATCH;
  }

  // Whoever claims a message has it to itself for a while that grows with each attempt.
  async #claim(): Promise<readonly Message[]> {
    const topics = [...this.#subscriptions].filter(([, { able }]) => able()).map(([topic]) => topic);
    if (topics.length === 0) return [];
    return this.prisma.$queryRaw<Message[]>`
      update outbox set attempts = attempts + 1, available_at = now() + least(300, 5 * 2 ^ attempts) * interval '1 second'
      where id in (
        select id from outbox where topic = any(${topics}) and available_at <= now()
        order by id limit ${BATCH} for update skip locked)
      returning id, topic, payload, attempts`;
  }

  async #handle({ id, topic, payload, attempts }: Message): Promise<void> {
    try {
      await this.#subscriptions.get(topic)?.handler(payload);
      await this.prisma.outboxMessage.deleteMany({ where: { id } });
    } catch (error) {
      this.log.warn({ err: error, topic, attempts }, 'a message was not handled, and will be tried again');
      await this.prisma.outboxMessage.updateMany({ where: { id }, data: { lastError: String(error).slice(0, 500) } });
    }
  }
}
