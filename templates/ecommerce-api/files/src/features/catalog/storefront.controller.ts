import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Anonymous } from '../../http/decorators.ts';
import { Described, Grouped } from '../../openapi/described.ts';
import type { CacheOutcome } from '../../ports/cache.ts';
import { ANSWERS } from './answers.ts';
import { found } from './found.ts';
import { ProductQuery, SlugPath } from './schema.ts';
import { Storefront } from './storefront.ts';

const CACHED = '`X-Cache` tells whether it came from the cache (`HIT`), by way of it (`MISS`), or past it (`BYPASS`).';

@Controller('v1')
@Anonymous()
@Grouped({ name: 'Catalog', description: 'What there is to buy, for everyone.' })
export class StorefrontController {
  constructor(private readonly storefront: Storefront) {}

  @Get('categories')
  @Described({
    id: 'listCategories',
    summary: 'List all categories',
    description: `By name. \`parentId\` makes a tree of them. ${CACHED}`,
    answers: [{ status: 200, description: 'The categories.', content: ANSWERS.categories }],
  })
  async categories(@Res({ passthrough: true }) response: Response) {
    const { value, outcome } = await this.storefront.categories();
    return sendJson(response, value, outcome);
  }

  @Get('products')
  @Described({
    id: 'listProducts',
    summary: 'Search, filter and sort products',
    description: `A product costs what the cheapest of its variants costs that are for sale. ${CACHED}`,
    answers: [{ status: 200, description: 'A page.', content: ANSWERS.products }],
  })
  async products(@Query({ schema: ProductQuery }) query: ProductQuery, @Res({ passthrough: true }) response: Response) {
    const { value, outcome } = await this.storefront.products(query);
    return sendJson(response, value, outcome);
  }

  @Get('products/:product')
  @Described({
    id: 'getProduct',
    summary: 'Read a product by its slug',
    description: `With the variants that are for sale. ${CACHED}`,
    answers: [{ status: 200, description: 'The product.', headers: ['ETag'], content: ANSWERS.product }],
  })
  async product(@Param({ schema: SlugPath }) { product }: { readonly product: string }, @Res({ passthrough: true }) response: Response) {
    const { value, outcome } = await this.storefront.product(product);
    response.set('X-Cache', outcome);
    const { etag, body } = found(value, 'product');
    response.set('ETag', etag);
    // To be kept by whoever likes, and to be asked about each time.
    response.set('Cache-Control', 'no-cache');
    return sendJson(response, body, outcome);
  }

  @Get('products/:product/stock')
  @Described({
    id: 'getStock',
    summary: 'Read what can be bought of a product right now',
    answers: [{ status: 200, description: 'Each variant that is for sale.', content: ANSWERS.available }],
  })
  async stock(@Param({ schema: SlugPath }) { product }: { readonly product: string }) {
    return { data: await this.storefront.stock(product) };
  }
}

/** Answers with what is JSON already. */
function sendJson(response: Response, body: string, outcome: CacheOutcome): string {
  response.set('X-Cache', outcome).type('application/json');
  return body;
}
