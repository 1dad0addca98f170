import type { Prisma } from '../../generated/prisma/client.ts';

// What is selected is what is answered: a new column shows up nowhere by itself.

export const CATEGORY = { id: true, slug: true, name: true, parentId: true, version: true } as const satisfies Prisma.CategorySelect;
export type Category = Prisma.CategoryGetPayload<{ select: typeof CATEGORY }>;

const PLACE = { select: { id: true, slug: true, name: true } } as const;
const OFFERED = { sku: true, title: true, priceMinor: true, currency: true } as const satisfies Prisma.VariantSelect;

/** A product as everyone sees it, with what is for sale of it. */
export const PRODUCT = {
  id: true,
  slug: true,
  title: true,
  description: true,
  category: PLACE,
  variants: { where: { retired: false }, select: OFFERED, orderBy: [{ priceMinor: 'asc' }, { sku: 'asc' }] },
  version: true,
  createdAt: true,
  updatedAt: true,
} as const satisfies Prisma.ProductSelect;
export type Product = Prisma.ProductGetPayload<{ select: typeof PRODUCT }>;

/** A variant as the staff sees it. */
export const VARIANT = { ...OFFERED, onHand: true, reserved: true, retired: true, version: true } as const satisfies Prisma.VariantSelect;
export type Variant = Prisma.VariantGetPayload<{ select: typeof VARIANT }>;

/** A product as the staff sees it. */
export const STAFF_PRODUCT = {
  ...PRODUCT,
  status: true,
  variants: { select: VARIANT, orderBy: { sku: 'asc' } },
} as const satisfies Prisma.ProductSelect;
export type StaffProduct = Prisma.ProductGetPayload<{ select: typeof STAFF_PRODUCT }>;

export type Movement = Pick<Prisma.StockMovementModel, 'kind' | 'onHandDelta' | 'reservedDelta' | 'orderId' | 'actorId' | 'reason' | 'at'>;

/** How many there are of a variant, and how many of them are promised to orders. */
export const LEVEL = { sku: true, onHand: true, reserved: true } as const satisfies Prisma.VariantSelect;
export type Level = Prisma.VariantGetPayload<{ select: typeof LEVEL }>;
