import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Caller } from '../../http/decorators.ts';
import { setETag } from '../../http/etag.ts';
import { requiredKey } from '../../http/required-key.ts';
import { Described, Grouped } from '../../openapi/described.ts';
import type { Identity } from '../../ports/identity.ts';
import { Checkout } from './checkout.ts';
import { detailed, order, placed } from './examples.ts';
import { Orders } from './orders.ts';
import { Checkout as CheckoutBody, OrderAnswer, OrderPage, OrderPath, OrderQuery, PlacedOrderAnswer } from './schema.ts';

@Controller('v1/orders')
@Grouped({ name: 'Orders', description: 'What was bought, at the price of that moment. Goods are kept for an order until it is paid, or for so long.' })
export class OrdersController {
  constructor(
    private readonly checkout: Checkout,
    private readonly orders: Orders,
  ) {}

  @Post()
  @Described({
    id: 'placeOrder',
    summary: 'Buy what is in the cart',
    description: 'The Idempotency-Key is required. An attempt that was refused may be made again with the same key.',
    example: {},
    idempotencyKey: true,
    answers: [{ status: 201, description: 'The order.', headers: ['ETag', 'Location'], content: { schema: PlacedOrderAnswer, example: placed } }],
    refusals: { 409: 'The cart is empty, or there is too little of something: `errors` points at each line. Or the same request is still being worked on.' },
  })
  async place(
    @Body({ schema: CheckoutBody }) _nothing: object,
    @Caller() { userId }: Identity,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const made = await this.checkout.place(userId, requiredKey(request));
    response.location(`/v1/orders/${made.id}`);
    setETag(response, made.version);
    return made;
  }

  @Get()
  @Described({
    id: 'listOrders',
    summary: 'List your orders',
    answers: [{ status: 200, description: 'A page, newest first.', content: { schema: OrderPage, example: { data: [order], page: { nextCursor: null } } } }],
  })
  list(@Query({ schema: OrderQuery }) query: OrderQuery, @Caller() { userId }: Identity) {
    return this.orders.list(userId, query);
  }

  @Get(':id')
  @Described({
    id: 'getOrder',
    summary: 'Read an order, and what happened to it',
    answers: [{ status: 200, description: 'The order.', headers: ['ETag'], content: { schema: OrderAnswer, example: detailed } }],
  })
  async find(@Param({ schema: OrderPath }) { id }: OrderPath, @Caller() { userId }: Identity, @Res({ passthrough: true }) response: Response) {
    const found = await this.orders.find(userId, id);
    setETag(response, found.version);
    return found;
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Described({
    id: 'cancelOrder',
    summary: 'Take back an order that is not paid',
    answers: [{ status: 200, description: 'The order.', headers: ['ETag'], content: { schema: OrderAnswer, example: detailed } }],
    refusals: { 409: 'It is paid, just being paid, or ended already.' },
  })
  async cancel(@Param({ schema: OrderPath }) { id }: OrderPath, @Caller() { userId }: Identity, @Res({ passthrough: true }) response: Response) {
    const cancelled = await this.orders.cancel(userId, id);
    setETag(response, cancelled.version);
    return cancelled;
  }
}
