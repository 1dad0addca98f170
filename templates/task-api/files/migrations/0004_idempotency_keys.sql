-- What a request with an Idempotency-Key was answered, so that sending it again does nothing
-- but answer the same. Written in the transaction of the work itself.
create table idempotency_keys (
  user_id uuid not null
    constraint idempotency_keys_user references users on delete cascade,
  key text not null
    constraint idempotency_keys_length check (length(key) between 1 and 255),
  request_hash bytea not null
    constraint idempotency_keys_hash_length check (octet_length(request_hash) = 32),
  response jsonb not null,
  created_at timestamptz(3) not null default now(),
  primary key (user_id, key)
);

create index idempotency_keys_by_age on idempotency_keys (created_at);
