import type { Position } from '../../http/cursor.ts';
import type { Queryable } from '../../ports/database.ts';
import type { ProductQuery, StaffQuery } from './schema.ts';
import type { Order } from './sorting.ts';
import type { Movement, Product, StaffProduct } from './views.ts';

/** A product in the public list. It costs what the cheapest of its variants costs that are for sale. */
export type Listed = Pick<Product, 'id' | 'slug' | 'title' | 'category' | 'createdAt'> & {
  readonly fromMinor: number | null;
  readonly currency: string | null;
};

/** A product in the list of the staff. */
export type StaffListed = Pick<StaffProduct, 'id' | 'slug' | 'title' | 'status' | 'category' | 'version' | 'createdAt' | 'updatedAt'>;

interface Listing {
  readonly after: Position | undefined;
  /** One more than the page holds, so that the page knows whether there is another. */
  readonly rows: number;
}

type Keyed<Row> = Row & { readonly sortKey: string };

const PLACE = `case when c.id is not null then json_build_object('id', c.id, 'slug', c.slug, 'name', c.name) end as category`;

export function listPublished(
  db: Queryable,
  { filter, order, after, rows }: Listing & { readonly filter: ProductQuery; readonly order: Order },
): Promise<readonly Keyed<Listed>[]> {
  const { expression, type, direction, beyond } = order;
  return db.query(
    `with recursive wanted as (
       select id from categories where slug = $1
       union select below.id from categories below join wanted on below.parent_id = wanted.id)
     select p.id, p.slug, p.title, ${PLACE}, o.price_minor as "fromMinor", o.currency, p.created_at as "createdAt",
       (${expression})::text as "sortKey"
     from products p
     left join categories c on c.id = p.category_id
     left join lateral (
       select v.price_minor, v.currency from variants v
       where v.product_id = p.id and not v.retired order by v.price_minor, v.sku limit 1) o on true
     where p.status = 'published'
       and ($1::text is null or p.category_id in (select id from wanted))
       and ($2::text is null or p.search @@ websearch_to_tsquery('simple', $2))
       and ($3::int is null or o.price_minor >= $3)
       and ($4::int is null or o.price_minor <= $4)
       and ($6::uuid is null or (${expression}, p.id) ${beyond} ($5::${type}, $6))
     order by ${expression} ${direction}, p.id ${direction}
     limit $7`,
    [filter.category ?? null, filter.q ?? null, filter.minPrice ?? null, filter.maxPrice ?? null, after?.key ?? null, after?.id ?? null, rows],
  );
}

/** Newest first. */
export function listAll(db: Queryable, { filter, after, rows }: Listing & { readonly filter: StaffQuery }): Promise<readonly Keyed<StaffListed>[]> {
  return db.query(
    `select p.id, p.slug, p.title, p.status, ${PLACE}, p.version, p.created_at as "createdAt", p.updated_at as "updatedAt",
       p.created_at::text as "sortKey"
     from products p
     left join categories c on c.id = p.category_id
     where ($1::product_status is null or p.status = $1)
       and ($3::uuid is null or (p.created_at, p.id) < ($2::timestamptz, $3))
     order by p.created_at desc, p.id desc
     limit $4`,
    [filter.status ?? null, after?.key ?? null, after?.id ?? null, rows],
  );
}

/** Newest first. The number of a movement is what they are sorted by; the variant only completes the cursor. */
export function listMovements(db: Queryable, variantId: string, { after, rows }: Listing): Promise<readonly Keyed<Movement & { readonly id: string }>[]> {
  return db.query(
    `select m.variant_id as id, m.id::text as "sortKey", m.kind, m.on_hand_delta as "onHandDelta", m.reserved_delta as "reservedDelta",
       m.order_id as "orderId", m.actor_id as "actorId", m.reason, m.at
     from stock_movements m
     where m.variant_id = $1 and ($2::bigint is null or m.id < $2)
     order by m.id desc
     limit $3`,
    [variantId, after?.key ?? null, rows],
  );
}
