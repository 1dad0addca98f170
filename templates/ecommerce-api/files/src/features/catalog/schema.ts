import { z } from 'zod';
import { ProductStatus } from '../../generated/prisma/enums.ts';
import { listing } from '../../http/query.ts';
import { label, text } from '../../http/text.ts';

const DEAREST = 10_000_000;
// More of one thing than any warehouse holds, and a sum of two is still an integer of the database.
const MOST = 1_000_000_000;

const slug = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be small letters and digits, with single hyphens between')
  .meta({ description: 'The name in addresses, such as `blue-shirt`.' });
const sku = z
  .string()
  .max(40)
  .regex(/^[A-Z0-9]+(-[A-Z0-9]+)*$/, 'must be capital letters and digits, with single hyphens between')
  .meta({ description: 'The stock-keeping unit, such as `SHIRT-BLUE-M`.' });
const price = z.int().min(1).max(DEAREST).meta({ description: 'In minor units of the currency: cents, pence.' });
const priceText = z
  .string()
  .regex(/^\d{1,8}$/, 'must be a whole number')
  .transform(Number)
  .pipe(z.int().min(0).max(DEAREST));
// What is archived was archived by DELETE; a change brings it back.
const status = z.enum([ProductStatus.draft, ProductStatus.published]);
const category = z.uuid().nullable();

export const NewCategory = z.strictObject({ slug, name: label(100), parentId: category.exactOptional() });

/** A merge patch (RFC 7396): what is absent stays, null removes. */
export const CategoryPatch = z.strictObject({
  slug: slug.exactOptional(),
  name: label(100).exactOptional(),
  parentId: category.exactOptional(),
});

export const NewProduct = z.strictObject({
  slug,
  title: label(200),
  description: text(10_000).exactOptional(),
  categoryId: category.exactOptional(),
  status: status.exactOptional(),
});

export const ProductPatch = z.strictObject({
  slug: slug.exactOptional(),
  title: label(200).exactOptional(),
  description: text(10_000).exactOptional(),
  categoryId: category.exactOptional(),
  status: status.exactOptional(),
});

export const NewVariant = z.strictObject({
  sku,
  title: text(200).exactOptional(),
  priceMinor: price,
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be a code of three capital letters').meta({ description: 'As ISO 4217 has it: `EUR`.' }),
});

export const VariantPatch = z.strictObject({
  title: text(200).exactOptional(),
  priceMinor: price.exactOptional(),
  retired: z.boolean().exactOptional(),
});

export const StockChange = z.strictObject({
  delta: z
    .int()
    .min(-MOST)
    .max(MOST)
    .refine((delta) => delta !== 0, 'must not be 0')
    .meta({ description: 'What came in, or with a minus, what turned out not to be there.' }),
  reason: label(500),
});

export const SORTS = ['createdAt', 'title', 'price'] as const;
export type Sort = (typeof SORTS)[number] | `-${(typeof SORTS)[number]}`;

export const ProductQuery = z.strictObject({
  q: label(200).optional().meta({ description: 'Words to search for in title and description.' }),
  category: slug.optional().meta({ description: 'The slug of a category; those below it count as well.' }),
  minPrice: priceText.optional().meta({ description: 'In minor units. The lowest price of a product is what counts.' }),
  maxPrice: priceText.optional().meta({ description: 'In minor units. The lowest price of a product is what counts.' }),
  sort: z.enum([...SORTS, ...SORTS.map((sort) => `-${sort}` as const)]).optional().meta({ description: 'With `-`, downwards; `-createdAt` where nothing is said.' }),
  ...listing,
});

export const StaffQuery = z.strictObject({ status: z.enum(ProductStatus).optional(), ...listing });
export const MovementQuery = z.strictObject(listing);

export const CategoryPath = z.strictObject({ id: z.uuid() });
// One name for both, because to OpenAPI these are one address.
export const SlugPath = z.strictObject({ product: slug });
export const ProductPath = z.strictObject({ product: z.uuid() });
export const VariantPath = z.strictObject({ sku });

export type NewCategory = z.infer<typeof NewCategory>;
export type CategoryPatch = z.infer<typeof CategoryPatch>;
export type NewProduct = z.infer<typeof NewProduct>;
export type ProductPatch = z.infer<typeof ProductPatch>;
export type NewVariant = z.infer<typeof NewVariant>;
export type VariantPatch = z.infer<typeof VariantPatch>;
export type StockChange = z.infer<typeof StockChange>;
export type ProductQuery = z.infer<typeof ProductQuery>;
export type StaffQuery = z.infer<typeof StaffQuery>;
export type MovementQuery = z.infer<typeof MovementQuery>;
