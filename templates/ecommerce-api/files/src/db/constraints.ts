/** What a named constraint says to the client that ran into it. */
export const CONSTRAINTS: Readonly<Record<string, readonly [status: number, code: string, detail: string, pointer?: string]>> = Object.freeze({
  users_email_unique: [409, 'user.email_taken', 'This address is registered already.', '/body/email'],
  users_email_shape: [400, 'request.invalid', 'must be an e-mail address', '/body/email'],
  users_name_length: [400, 'request.invalid', 'must have at most 100 characters', '/body/name'],
  categories_slug_unique: [409, 'category.slug_taken', 'Another category has this slug.', '/body/slug'],
  categories_parent: [409, 'category.in_use', 'The category has others below it, or there is no such parent.'],
  categories_no_own_parent: [400, 'request.invalid', 'must be another category', '/body/parentId'],
  products_slug_unique: [409, 'product.slug_taken', 'Another product has this slug.', '/body/slug'],
  products_category: [409, 'category.in_use', 'The category has products, or there is no such category.'],
  variants_sku_unique: [409, 'variant.sku_taken', 'Another variant has this SKU.', '/body/sku'],
  variants_on_hand_range: [409, 'stock.out_of_range', 'The stock would be less than nothing, or more than a warehouse holds.', '/body/delta'],
  variants_reserved_range: [409, 'stock.reserved', 'So many are promised to orders already.', '/body/delta'],
  stock_movements_variant: [409, 'variant.has_history', 'The variant has a history; retire it instead.'],
  order_items_variant: [409, 'variant.was_sold', 'The variant stands in orders; retire it instead.'],
});
