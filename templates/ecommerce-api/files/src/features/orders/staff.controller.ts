import { Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { OrderStatus } from '../../generated/prisma/enums.ts';
import { Caller, Roles } from '../../http/decorators.ts';
import { setETag } from '../../http/etag.ts';
import { Described, Grouped, type Description } from '../../openapi/described.ts';
import type { Identity } from '../../ports/identity.ts';
import { detailedStaffs, staffs } from './examples.ts';
import { Orders } from './orders.ts';
import { OrderPath, StaffOrderAnswer, StaffOrderPage, StaffQuery } from './schema.ts';

const answers: Description['answers'] = [
  { status: 200, description: 'The order.', headers: ['ETag'], content: { schema: StaffOrderAnswer, example: detailedStaffs } },
];
const refusals = { 409: 'It is not in the status that comes before.' };

@Controller('v1')
@Roles(['staff', 'admin'])
@Grouped({ name: 'Order handling', description: 'For the staff: everybody’s orders, and their way to the customer.' })
export class StaffOrdersController {
  constructor(private readonly orders: Orders) {}

  @Get('staff/orders')
  @Described({
    id: 'listAllOrders',
    summary: 'List everybody’s orders',
    answers: [{ status: 200, description: 'A page, newest first.', content: { schema: StaffOrderPage, example: { data: [staffs], page: { nextCursor: null } } } }],
  })
  list(@Query({ schema: StaffQuery }) query: StaffQuery) {
    return this.orders.listAny(query);
  }

  @Get('staff/orders/:id')
  @Described({ id: 'getAnyOrder', summary: 'Read anybody’s order, and what happened to it', answers })
  async find(@Param({ schema: OrderPath }) { id }: OrderPath, @Res({ passthrough: true }) response: Response) {
    const found = await this.orders.findAny(id);
    setETag(response, found.version);
    return found;
  }

  @Post('orders/:id/fulfil')
  @HttpCode(200)
  @Described({ id: 'fulfilOrder', summary: 'Begin to pack a paid order', answers, refusals })
  fulfil(@Param({ schema: OrderPath }) { id }: OrderPath, @Caller() caller: Identity, @Res({ passthrough: true }) response: Response) {
    return this.#advance(id, 'FULFILLING', caller, response);
  }

  @Post('orders/:id/ship')
  @HttpCode(200)
  @Described({ id: 'shipOrder', summary: 'Say that an order is on its way', answers, refusals })
  ship(@Param({ schema: OrderPath }) { id }: OrderPath, @Caller() caller: Identity, @Res({ passthrough: true }) response: Response) {
    return this.#advance(id, 'SHIPPED', caller, response);
  }

  @Post('orders/:id/deliver')
  @HttpCode(200)
  @Described({ id: 'deliverOrder', summary: 'Say that an order has arrived', answers, refusals })
  deliver(@Param({ schema: OrderPath }) { id }: OrderPath, @Caller() caller: Identity, @Res({ passthrough: true }) response: Response) {
    return this.#advance(id, 'DELIVERED', caller, response);
  }

  async #advance(id: string, to: OrderStatus, { userId }: Identity, response: Response) {
    const moved = await this.orders.advance(id, to, userId);
    setETag(response, moved.version);
    return moved;
  }
}
