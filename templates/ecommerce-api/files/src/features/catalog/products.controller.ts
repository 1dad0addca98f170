import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Roles } from '../../http/decorators.ts';
import { optionalIfMatch, requireIfMatch, setETag } from '../../http/etag.ts';
import { Described, Grouped } from '../../openapi/described.ts';
import { ANSWERS } from './answers.ts';
import { Products } from './products.ts';
import { NewProduct, ProductPatch, ProductPath, StaffQuery } from './schema.ts';

@Controller('v1')
@Roles(['staff', 'admin'])
@Grouped({ name: 'Keeping the catalog', description: 'For the staff.' })
export class ProductsController {
  constructor(private readonly service: Products) {}

  @Get('staff/products')
  @Described({
    id: 'listAllProducts',
    summary: 'List products, whatever their status',
    description: 'Newest first.',
    answers: [{ status: 200, description: 'A page.', content: ANSWERS.staffProducts }],
  })
  list(@Query({ schema: StaffQuery }) query: StaffQuery) {
    return this.service.list(query);
  }

  // It has no ETag: the stock in it changes with every order, the version with every change of the staff.
  @Get('staff/products/:product')
  @Described({
    id: 'getAnyProduct',
    summary: 'Read a product, with all its variants and their stock',
    description: 'Its `version`, and those of its variants, are for `If-Match`.',
    answers: [{ status: 200, description: 'The product.', content: ANSWERS.staffProduct }],
  })
  get(@Param({ schema: ProductPath }) { product }: { readonly product: string }) {
    return this.service.get(product);
  }

  @Post('products')
  @Described({
    id: 'createProduct',
    summary: 'Make a product',
    description: 'A draft, unless it says `published`.',
    answers: [{ status: 201, description: 'The product.', headers: ['ETag', 'Location'], content: ANSWERS.staffProduct }],
    refusals: { 409: 'The slug is taken, or there is no such category.' },
    example: { slug: 'blue-shirt', title: 'Blue shirt', description: 'Made of cotton.' },
  })
  async create(@Body({ schema: NewProduct }) input: NewProduct, @Res({ passthrough: true }) response: Response) {
    const product = await this.service.create(input);
    setETag(response, product.version);
    response.location(`/v1/staff/products/${product.id}`);
    return product;
  }

  @Patch('products/:product')
  @Described({
    id: 'changeProduct',
    summary: 'Change a product',
    description: 'A merge patch (RFC 7396): what is absent stays, null removes. A `status` brings an archived product back.',
    ifMatch: 'required',
    answers: [{ status: 200, description: 'The product as it is now.', headers: ['ETag'], content: ANSWERS.staffProduct }],
    refusals: { 409: 'The slug is taken, or there is no such category.' },
    example: { status: 'published' },
  })
  async change(
    @Param({ schema: ProductPath }) { product: id }: { readonly product: string },
    @Body({ schema: ProductPatch }) patch: ProductPatch,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const product = await this.service.change(id, patch, requireIfMatch(request));
    setETag(response, product.version);
    return product;
  }

  @Delete('products/:product')
  @HttpCode(204)
  @Described({
    id: 'archiveProduct',
    summary: 'Archive a product',
    ifMatch: 'optional',
    answers: [{ status: 204, description: 'It is archived: nobody can buy it any more, and orders still tell what it was.' }],
  })
  async archive(@Param({ schema: ProductPath }) { product: id }: { readonly product: string }, @Req() request: Request) {
    await this.service.archive(id, optionalIfMatch(request));
  }
}
