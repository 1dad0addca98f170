import type { StripeEvent } from '../stripe/objects.ts';
import { until } from '../support/poll.ts';
import type { PayingShop } from './world.ts';

/** Brings events as Stripe does at its worst: several at once, more than once, in any order, and again until they are taken. */
export class Postman {
  readonly #shop: PayingShop;
  readonly #bag: StripeEvent[] = [];
  #collected = 0;

  constructor(shop: PayingShop) {
    this.#shop = shop;
  }

  async work(isOver: () => boolean): Promise<void> {
    await until('the storm is over', async () => {
      await this.round();
      return isOver();
    }, { withinMs: 600_000 });
  }

  /** Brings some of what there is to bring. */
  async round(): Promise<void> {
    const { stripe, random } = this.#shop;
    const { events } = stripe.account;
    this.#bag.push(...events.slice(this.#collected));
    this.#collected = events.length;
    const some = random.shuffle(this.#bag).slice(0, random.int(1, 12));
    await Promise.all(some.map((event) => this.#bring(event)));
  }

  /** Brings everything, whatever was brought before. */
  async everything(): Promise<void> {
    const { stripe, random } = this.#shop;
    this.#bag.length = 0;
    for (const event of random.shuffle(stripe.account.events)) await this.#bring(event);
    this.#collected = stripe.account.events.length;
  }

  async #bring(event: StripeEvent): Promise<void> {
    const { stripe, services, random } = this.#shop;
    const copies = Array.from({ length: random.int(1, 2) }, (_, n) => stripe.deliver((services[n] ?? services[0]).client, event));
    const answers = await Promise.allSettled(copies);
    const taken = answers.some((answer) => answer.status === 'fulfilled' && answer.value.status === 200);
    const index = this.#bag.indexOf(event);
    if (taken && index >= 0) this.#bag.splice(index, 1);
  }
}

/** Lets everything that has begun come to its end. */
export async function calm({ stripe, database }: PayingShop, postman: Postman): Promise<void> {
  const { account } = stripe;
  stripe.up();
  const open = `select 1 from orders where status in ('PENDING_PAYMENT', 'REFUND_PENDING') union all select 1 from refunds where status = 'pending' union all select 1 from outbox`;
  await until('nothing is on its way any more', async () => {
    for (const { id } of [...account.intents.values()].filter(({ status }) => status === 'processing')) account.pay(id);
    for (const { id } of [...account.refunds.values()].filter(({ status }) => status === 'pending')) account.settle(id, 'succeeded');
    await postman.everything();
    return (await database.query(open)).length === 0;
  }, { withinMs: 150_000, everyMs: 500 });
  await postman.everything();
}
