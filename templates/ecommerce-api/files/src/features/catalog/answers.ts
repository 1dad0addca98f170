import { z, type ZodType } from 'zod';
import { MovementKind, ProductStatus } from '../../generated/prisma/enums.ts';
import type { Page } from '../../http/page.ts';
import { listOf, named, pageOf, type Json } from '../../openapi/schemas.ts';
import type { Content } from '../../ports/openapi.ts';
import type { Listed, StaffListed } from './listing.ts';
import * as input from './schema.ts';
import type * as views from './views.ts';

named('NewCategory', input.NewCategory);
named('CategoryPatch', input.CategoryPatch);
named('NewProduct', input.NewProduct);
named('ProductPatch', input.ProductPatch);
named('NewVariant', input.NewVariant);
named('VariantPatch', input.VariantPatch);
named('StockChange', input.StockChange);

const Version = z.int().min(1);
const Minor = z.int().min(1).meta({ description: 'In minor units of the currency.' });
const Currency = z.string().length(3);
const Count = z.int().min(0);
const Moment = z.iso.datetime();

const Category: ZodType<Json<views.Category>> = named(
  'Category',
  z.strictObject({ id: z.uuid(), slug: z.string(), name: z.string(), parentId: z.uuid().nullable(), version: Version }),
);

const Place = z.strictObject({ id: z.uuid(), slug: z.string(), name: z.string() }).nullable();
const offered = { sku: z.string(), title: z.string(), priceMinor: Minor, currency: Currency };
const times = { createdAt: Moment, updatedAt: Moment };

const Product: ZodType<Json<views.Product>> = named(
  'Product',
  z.strictObject({
    id: z.uuid(),
    slug: z.string(),
    title: z.string(),
    description: z.string(),
    category: Place,
    variants: z.array(named('Offer', z.strictObject(offered))),
    version: Version,
    ...times,
  }),
);

const ListedProduct: ZodType<Json<Listed>> = named(
  'ListedProduct',
  z.strictObject({
    id: z.uuid(),
    slug: z.string(),
    title: z.string(),
    category: Place,
    fromMinor: Minor.nullable().meta({ description: 'The lowest price, in minor units; null where nothing is for sale.' }),
    currency: Currency.nullable(),
    createdAt: Moment,
  }),
);

const Available = named('Available', z.strictObject({ sku: z.string(), available: Count.meta({ description: 'How many can be bought right now.' }) }));

const Variant: ZodType<Json<views.Variant>> = named(
  'Variant',
  z.strictObject({ ...offered, onHand: Count, reserved: Count.meta({ description: 'How many of them are promised to orders.' }), retired: z.boolean(), version: Version }),
);

const head = { id: z.uuid(), slug: z.string(), title: z.string(), status: z.enum(ProductStatus), category: Place, version: Version, ...times };

const StaffProduct: ZodType<Json<views.StaffProduct>> = named(
  'StaffProduct',
  z.strictObject({ ...head, description: z.string(), variants: z.array(Variant) }),
);

const StaffListedProduct: ZodType<Json<StaffListed>> = named('StaffListedProduct', z.strictObject(head));

const Level: ZodType<Json<views.Level>> = named('StockLevel', z.strictObject({ sku: z.string(), onHand: Count, reserved: Count }));

const Movement: ZodType<Json<views.Movement>> = named(
  'StockMovement',
  z.strictObject({
    kind: z.enum(MovementKind),
    onHandDelta: z.int(),
    reservedDelta: z.int(),
    orderId: z.uuid().nullable(),
    actorId: z.uuid().nullable(),
    reason: z.string(),
    at: Moment,
  }),
);

const MOMENT = '2031-05-06T07:08:07.123Z';
const place = { id: '7d0a4f0e-3c55-4c0e-9a3b-0c8f5d1a2b3c', slug: 'shirts', name: 'Shirts' };
const offer = { sku: 'SHIRT-BLUE-M', title: 'M', priceMinor: 1999, currency: 'EUR' };
const known = { id: '0b9c8d7e-6f5a-4b3c-8d1e-0f9a8b7c6d5e', slug: 'blue-shirt', title: 'Blue shirt', category: place };
const variant = { ...offer, onHand: 10, reserved: 2, retired: false, version: 1 };
const staffHead = { ...known, status: 'published', version: 2, createdAt: MOMENT, updatedAt: MOMENT };

const page = (data: unknown): Page<unknown> => ({ data: [data], page: { nextCursor: null } });

/** The bodies of answers, with examples. */
export const ANSWERS = {
  categories: { schema: listOf('CategoryList', Category), example: { data: [{ ...place, parentId: null, version: 1 }] } },
  category: { schema: Category, example: { ...place, parentId: null, version: 1 } },
  product: { schema: Product, example: { ...known, description: 'Made of cotton.', variants: [offer], version: 2, createdAt: MOMENT, updatedAt: MOMENT } },
  products: { schema: pageOf('ProductPage', ListedProduct), example: page({ ...known, fromMinor: 1999, currency: 'EUR', createdAt: MOMENT }) },
  available: { schema: listOf('AvailableList', Available), example: { data: [{ sku: offer.sku, available: 8 }] } },
  staffProduct: { schema: StaffProduct, example: { ...staffHead, description: 'Made of cotton.', variants: [variant] } },
  staffProducts: { schema: pageOf('StaffProductPage', StaffListedProduct), example: page(staffHead) },
  variant: { schema: Variant, example: variant },
  level: { schema: Level, example: { sku: offer.sku, onHand: 10, reserved: 2 } },
  movements: {
    schema: pageOf('StockMovementPage', Movement),
    example: page({ kind: 'received', onHandDelta: 10, reservedDelta: 0, orderId: null, actorId: place.id, reason: 'Delivery 4711', at: MOMENT }),
  },
} as const satisfies Readonly<Record<string, Content>>;
