import { Global, Module } from '@nestjs/common';
import { Offers } from '../../ports/offers.ts';
import { Categories } from './categories.ts';
import { CategoriesController } from './categories.controller.ts';
import { CatalogOffers } from './offers.ts';
import { Products } from './products.ts';
import { ProductsController } from './products.controller.ts';
import { Stock } from './stock.ts';
import { Storefront } from './storefront.ts';
import { StorefrontController } from './storefront.controller.ts';
import { Variants } from './variants.ts';
import { VariantsController } from './variants.controller.ts';

@Global()
@Module({
  controllers: [StorefrontController, CategoriesController, ProductsController, VariantsController],
  providers: [Storefront, Categories, Products, Variants, Stock, { provide: Offers, useClass: CatalogOffers }],
  exports: [Offers],
})
export class CatalogModule {}
