import { All, Controller, Global, Injectable, Module } from '@nestjs/common';
import type { Tx } from '../../db/prisma.service.ts';
import { Anonymous } from '../../http/decorators.ts';
import { notBuilt } from '../../http/not-built.ts';
import { Offers, type Offer } from '../../ports/offers.ts';

@Controller('v1')
@Anonymous()
export class CatalogStubController {
  @All(['categories', 'categories/*path', 'products', 'products/*path', 'staff/products', 'staff/products/*path', 'variants/*path'])
  answer(): never {
    return notBuilt('catalog');
  }
}

@Injectable()
export class NoOffers extends Offers {
  override find(_tx: Tx, _skus: readonly string[]): Promise<ReadonlyMap<string, Offer>> {
    return notBuilt('catalog');
  }
}

/** Not built yet: see README.md. */
@Global()
@Module({
  controllers: [CatalogStubController],
  providers: [{ provide: Offers, useClass: NoOffers }],
  exports: [Offers],
})
export class CatalogModule {}
