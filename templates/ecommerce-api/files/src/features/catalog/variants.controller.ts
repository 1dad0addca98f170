import { Body, Controller, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Caller, Roles } from '../../http/decorators.ts';
import { requireIfMatch, setETag } from '../../http/etag.ts';
import { idempotencyKey } from '../../http/idempotency.ts';
import { Described, Grouped } from '../../openapi/described.ts';
import type { Identity } from '../../ports/identity.ts';
import { ANSWERS } from './answers.ts';
import { MovementQuery, NewVariant, ProductPath, StockChange, VariantPatch, VariantPath } from './schema.ts';
import { Stock } from './stock.ts';
import { Variants } from './variants.ts';

@Controller('v1')
@Roles(['staff', 'admin'])
@Grouped({ name: 'Keeping the catalog', description: 'For the staff.' })
export class VariantsController {
  constructor(
    private readonly variants: Variants,
    private readonly stock: Stock,
  ) {}

  @Post('products/:product/variants')
  @Described({
    id: 'createVariant',
    summary: 'Make a variant of a product',
    answers: [{ status: 201, description: 'The variant.', headers: ['ETag'], content: ANSWERS.variant }],
    refusals: { 409: 'The SKU is taken, or the product has a hundred variants.' },
    example: { sku: 'SHIRT-BLUE-M', title: 'M', priceMinor: 1999, currency: 'EUR' },
  })
  async create(
    @Param({ schema: ProductPath }) { product }: { readonly product: string },
    @Body({ schema: NewVariant }) input: NewVariant,
    @Res({ passthrough: true }) response: Response,
  ) {
    const variant = await this.variants.create(product, input);
    setETag(response, variant.version);
    return variant;
  }

  @Patch('variants/:sku')
  @Described({
    id: 'changeVariant',
    summary: 'Change the title or the price of a variant, or retire it',
    description: 'What is in carts and orders keeps its SKU; a retired variant can no longer be bought.',
    ifMatch: 'required',
    answers: [{ status: 200, description: 'The variant as it is now.', headers: ['ETag'], content: ANSWERS.variant }],
    example: { priceMinor: 1799 },
  })
  async change(
    @Param({ schema: VariantPath }) { sku }: { readonly sku: string },
    @Body({ schema: VariantPatch }) patch: VariantPatch,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const variant = await this.variants.change(sku, patch, requireIfMatch(request));
    setETag(response, variant.version);
    return variant;
  }

  @Post('variants/:sku/stock')
  @Described({
    id: 'changeStock',
    summary: 'Receive goods, or correct how many there are',
    idempotencyKey: true,
    answers: [{ status: 201, description: 'How many there are now.', content: ANSWERS.level }],
    refusals: { 409: 'There would be less than nothing, or less than what orders were promised; or the same request is still being worked on.' },
    example: { delta: 10, reason: 'Delivery 4711' },
  })
  changeStock(
    @Param({ schema: VariantPath }) { sku }: { readonly sku: string },
    @Body({ schema: StockChange }) change: StockChange,
    @Caller() caller: Identity,
    @Req() request: Request,
  ) {
    return this.stock.change(sku, change, caller.userId, idempotencyKey(request));
  }

  @Get('variants/:sku/movements')
  @Described({
    id: 'listMovements',
    summary: 'List what became of the stock of a variant',
    description: 'Newest first. The sums of the columns are what there is.',
    answers: [{ status: 200, description: 'A page.', content: ANSWERS.movements }],
  })
  movements(@Param({ schema: VariantPath }) { sku }: { readonly sku: string }, @Query({ schema: MovementQuery }) query: MovementQuery) {
    return this.stock.movements(sku, query);
  }
}
