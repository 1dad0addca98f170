create type payment_status as enum ('open', 'captured', 'cancelled', 'mismatch');

create table payments (
  id uuid primary key default gen_random_uuid(),
  order_id uuid not null
    constraint payments_order references orders on delete restrict,
  -- Missing until Stripe has answered, and for good where the order ended before anyone could pay.
  intent_id text,
  status payment_status not null default 'open',
  currency char(3) not null,
  amount_minor integer not null
    constraint payments_amount_range check (amount_minor > 0),
  captured_minor integer not null default 0
    constraint payments_captured_range check (captured_minor >= 0),
  refunded_minor integer not null default 0,
  created_at timestamptz(3) not null default current_timestamp,
  updated_at timestamptz(3) not null default current_timestamp,
  -- Nobody gets back more than was taken.
  constraint payments_refunded_range check (refunded_minor between 0 and captured_minor)
);

create unique index payments_order_unique on payments (order_id);
create unique index payments_intent_unique on payments (intent_id);

create type refund_status as enum ('pending', 'succeeded', 'failed');

create table refunds (
  id uuid primary key default gen_random_uuid(),
  payment_id uuid not null
    constraint refunds_payment references payments on delete restrict,
  provider_id text,
  status refund_status not null default 'pending',
  amount_minor integer not null
    constraint refunds_amount_range check (amount_minor > 0),
  reason text not null default ''
    constraint refunds_reason_length check (length(reason) <= 500),
  actor text not null,
  created_at timestamptz(3) not null default current_timestamp,
  updated_at timestamptz(3) not null default current_timestamp
);

create unique index refunds_provider_unique on refunds (provider_id);
create index refunds_by_payment on refunds (payment_id);

create table stripe_events (
  id text primary key,
  type text not null,
  intent_id text,
  outcome text not null default '',
  received_at timestamptz(3) not null default current_timestamp
);

create index stripe_events_by_intent on stripe_events (intent_id);
