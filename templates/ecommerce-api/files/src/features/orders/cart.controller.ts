import { Body, Controller, Delete, Get, HttpCode, Param, Put, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Caller } from '../../http/decorators.ts';
import { optionalIfMatch, setETag } from '../../http/etag.ts';
import { Described, Grouped } from '../../openapi/described.ts';
import type { Identity } from '../../ports/identity.ts';
import { Carts } from './carts.ts';
import { cart } from './examples.ts';
import { CartAnswer, MOST_LINES, Quantity, SkuPath } from './schema.ts';

const description = 'What it costs is asked of the catalog each time; the version is of what is in it.';

@Controller('v1/cart')
@Grouped({ name: 'Cart', description: `Each user has one, of one currency, with at most ${MOST_LINES} different things.` })
export class CartController {
  constructor(private readonly carts: Carts) {}

  @Get()
  @Described({
    id: 'getCart',
    summary: 'Read the cart',
    description,
    answers: [{ status: 200, description: 'The cart.', headers: ['ETag'], content: { schema: CartAnswer, example: cart } }],
  })
  async view(@Caller() { userId }: Identity, @Req() request: Request, @Res({ passthrough: true }) response: Response) {
    // Prices change without the cart, so its version cannot tell that a copy is still good.
    delete request.headers['if-none-match'];
    const found = await this.carts.view(userId);
    setETag(response, found.version);
    return found;
  }

  @Put('items/:sku')
  @Described({
    id: 'putCartItem',
    summary: 'Put something into the cart, or change how many',
    description,
    example: { quantity: 2 },
    ifMatch: 'optional',
    answers: [{ status: 200, description: 'The cart.', headers: ['ETag'], content: { schema: CartAnswer, example: cart } }],
    refusals: { 404: 'Nothing with this SKU is for sale.', 409: 'The cart is full, or of another currency.' },
  })
  async put(
    @Param({ schema: SkuPath }) { sku }: SkuPath,
    @Body({ schema: Quantity }) { quantity }: Quantity,
    @Caller() { userId }: Identity,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const changed = await this.carts.put(userId, sku, quantity, optionalIfMatch(request));
    setETag(response, changed.version);
    return changed;
  }

  @Delete('items/:sku')
  @HttpCode(204)
  @Described({
    id: 'removeCartItem',
    summary: 'Take something out of the cart',
    ifMatch: 'optional',
    answers: [{ status: 204, description: 'It is out.' }],
    refusals: { 404: 'There is no such thing in the cart.' },
  })
  async remove(@Param({ schema: SkuPath }) { sku }: SkuPath, @Caller() { userId }: Identity, @Req() request: Request) {
    await this.carts.remove(userId, sku, optionalIfMatch(request));
  }

  @Delete()
  @HttpCode(204)
  @Described({ id: 'clearCart', summary: 'Empty the cart', ifMatch: 'optional', answers: [{ status: 204, description: 'It is empty.' }] })
  async clear(@Caller() { userId }: Identity, @Req() request: Request) {
    await this.carts.clear(userId, optionalIfMatch(request));
  }
}
