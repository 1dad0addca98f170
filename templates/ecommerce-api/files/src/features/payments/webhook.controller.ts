import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Anonymous } from '../../http/decorators.ts';
import { Described, Grouped } from '../../openapi/described.ts';
import { Gateway } from './gateway.ts';
import { Received } from './schema.ts';
import { Webhooks } from './webhooks.ts';

@Controller('v1/webhooks/stripe')
@Anonymous()
@Grouped({ name: 'Webhooks', description: 'For Stripe alone, which signs what it says.' })
export class WebhookController {
  constructor(
    private readonly gateway: Gateway,
    private readonly webhooks: Webhooks,
  ) {}

  @Post()
  @HttpCode(200)
  @Described({
    id: 'receiveStripeEvent',
    summary: 'Take an event of Stripe',
    description: 'The signature is of the bytes as they are. The answer comes once everything that the event means is stored.',
    answers: [{ status: 200, description: 'It is taken, now or before.', content: { schema: Received, example: { received: true } } }],
    refusals: { 400: 'Stripe has not signed it, or not lately.' },
  })
  async receive(@Req() request: Request) {
    const body: unknown = request.body;
    const notice = this.gateway.verify(Buffer.isBuffer(body) ? body : Buffer.alloc(0), request.get('stripe-signature') ?? '');
    await this.webhooks.take(notice);
    return { received: true } as const;
  }
}
