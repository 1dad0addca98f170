create type product_status as enum ('draft', 'published', 'archived');

create table categories (
  id uuid primary key default gen_random_uuid(),
  slug text not null
    constraint categories_slug_shape check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
  name text not null
    constraint categories_name_length check (length(name) between 1 and 100),
  parent_id uuid
    constraint categories_parent references categories on delete restrict
    constraint categories_no_own_parent check (parent_id <> id),
  version integer not null default 1,
  created_at timestamptz(3) not null default current_timestamp,
  updated_at timestamptz(3) not null default current_timestamp
);

create unique index categories_slug_unique on categories (slug);
create index categories_by_parent on categories (parent_id);

create table products (
  id uuid primary key default gen_random_uuid(),
  slug text not null
    constraint products_slug_shape check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
  title text not null
    constraint products_title_length check (length(title) between 1 and 200),
  description text not null default ''
    constraint products_description_length check (length(description) <= 10000),
  status product_status not null default 'draft',
  category_id uuid
    constraint products_category references categories on delete restrict,
  version integer not null default 1,
  created_at timestamptz(3) not null default current_timestamp,
  updated_at timestamptz(3) not null default current_timestamp,
  search tsvector generated always as (to_tsvector('simple', title || ' ' || description)) stored
);

create unique index products_slug_unique on products (slug);
create index products_by_text on products using gin (search);
create index products_by_category on products (category_id);
create index products_by_age on products (status, created_at, id);

create table variants (
  id uuid primary key default gen_random_uuid(),
  product_id uuid not null
    constraint variants_product references products on delete cascade,
  sku text not null
    constraint variants_sku_shape check (sku ~ '^[A-Z0-9]+(-[A-Z0-9]+)*$' and length(sku) <= 40),
  title text not null default ''
    constraint variants_title_length check (length(title) <= 200),
  -- Minor units: cents, pence. No amount of money is ever a fraction here.
  price_minor integer not null
    constraint variants_price_range check (price_minor between 1 and 10000000),
  currency char(3) not null
    constraint variants_currency_shape check (currency ~ '^[A-Z]{3}$'),
  on_hand integer not null default 0
    constraint variants_on_hand_range check (on_hand between 0 and 1000000000),
  reserved integer not null default 0,
  retired boolean not null default false,
  version integer not null default 1,
  created_at timestamptz(3) not null default current_timestamp,
  updated_at timestamptz(3) not null default current_timestamp,
  -- The last line of defence against selling what is not there.
  constraint variants_reserved_range check (reserved between 0 and on_hand)
);

create unique index variants_sku_unique on variants (sku);
create index variants_by_product on variants (product_id);

create type movement_kind as enum ('received', 'adjusted', 'reserved', 'released', 'sold');

create table stock_movements (
  id bigserial primary key,
  variant_id uuid not null
    constraint stock_movements_variant references variants on delete restrict,
  kind movement_kind not null,
  on_hand_delta integer not null,
  reserved_delta integer not null,
  order_id uuid,
  actor_id uuid,
  reason text not null default ''
    constraint stock_movements_reason_length check (length(reason) <= 500),
  at timestamptz(3) not null default current_timestamp,
  constraint stock_movements_something check (on_hand_delta <> 0 or reserved_delta <> 0)
);

create index stock_movements_by_variant on stock_movements (variant_id, id);
create index stock_movements_by_order on stock_movements (order_id);
