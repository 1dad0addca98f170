create table idempotency_keys (
  user_id uuid not null
    constraint idempotency_keys_user references users on delete cascade,
  key text not null
    constraint idempotency_keys_length check (length(key) between 1 and 255),
  request_hash bytea not null
    constraint idempotency_keys_hash_length check (octet_length(request_hash) = 32),
  response jsonb not null,
  created_at timestamptz(3) not null default current_timestamp,
  primary key (user_id, key)
);

create index idempotency_keys_by_age on idempotency_keys (created_at);

create table outbox (
  id bigserial primary key,
  topic text not null,
  payload jsonb not null,
  attempts integer not null default 0,
  available_at timestamptz(3) not null default current_timestamp,
  last_error text not null default '',
  created_at timestamptz(3) not null default current_timestamp
);

create index outbox_by_turn on outbox (topic, available_at, id);
