create table carts (
  user_id uuid primary key
    constraint carts_user references users on delete cascade,
  version integer not null default 1,
  updated_at timestamptz(3) not null default current_timestamp
);

create table cart_items (
  user_id uuid not null
    constraint cart_items_cart references carts on delete cascade,
  variant_id uuid not null
    constraint cart_items_variant references variants on delete cascade,
  quantity integer not null
    constraint cart_items_quantity_range check (quantity between 1 and 99),
  added_at timestamptz(3) not null default current_timestamp,
  primary key (user_id, variant_id)
);

create index cart_items_by_variant on cart_items (variant_id);

create type order_status as enum (
  'PENDING_PAYMENT', 'PAID', 'FULFILLING', 'SHIPPED', 'DELIVERED',
  'CANCELLED', 'EXPIRED', 'REFUND_PENDING', 'REFUNDED', 'PARTIALLY_REFUNDED'
);

create table orders (
  id uuid primary key default gen_random_uuid(),
  number bigserial not null,
  user_id uuid not null
    constraint orders_user references users on delete restrict,
  status order_status not null default 'PENDING_PAYMENT',
  currency char(3) not null
    constraint orders_currency_shape check (currency ~ '^[A-Z]{3}$'),
  -- The most that one payment can take.
  total_minor integer not null
    constraint orders_total_range check (total_minor between 1 and 99999999),
  expires_at timestamptz(3) not null,
  -- Until when the process that is just expiring it may take.
  leased_until timestamptz(3),
  version integer not null default 1,
  placed_at timestamptz(3) not null default current_timestamp,
  updated_at timestamptz(3) not null default current_timestamp
);

create unique index orders_number_unique on orders (number);
create index orders_by_user on orders (user_id, placed_at desc, id);
create index orders_by_expiry on orders (status, expires_at);

create table order_items (
  order_id uuid not null
    constraint order_items_order references orders on delete restrict,
  variant_id uuid not null
    constraint order_items_variant references variants on delete restrict,
  sku text not null,
  title text not null,
  quantity integer not null
    constraint order_items_quantity_range check (quantity between 1 and 99),
  unit_minor integer not null
    constraint order_items_unit_range check (unit_minor > 0),
  line_minor integer not null
    constraint order_items_line_sum check (line_minor = quantity * unit_minor),
  primary key (order_id, variant_id)
);

create index order_items_by_variant on order_items (variant_id);

create table order_transitions (
  id bigserial primary key,
  order_id uuid not null
    constraint order_transitions_order references orders on delete restrict,
  from_status order_status,
  to_status order_status not null,
  actor text not null,
  reason text not null default ''
    constraint order_transitions_reason_length check (length(reason) <= 500),
  at timestamptz(3) not null default current_timestamp
);

create index order_transitions_by_order on order_transitions (order_id, id);
