create type role as enum ('customer', 'staff', 'admin');

create table users (
  id uuid primary key default gen_random_uuid(),
  email text not null
    constraint users_email_shape check (length(email) <= 254 and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  name text not null default ''
    constraint users_name_length check (length(name) <= 100),
  role role not null default 'customer',
  password_hash text not null,
  password_changed_at timestamptz(3) not null default current_timestamp,
  disabled_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default current_timestamp,
  updated_at timestamptz(3) not null default current_timestamp
);

create unique index users_email_unique on users (lower(email));

create table refresh_tokens (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null
    constraint refresh_tokens_user references users on delete cascade,
  family_id uuid not null,
  token_hash bytea not null
    constraint refresh_tokens_hash_length check (octet_length(token_hash) = 32),
  issued_at timestamptz(3) not null default current_timestamp,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3),
  replaced_by uuid
    constraint refresh_tokens_successor references refresh_tokens on delete set null,
  revoked_at timestamptz(3),
  user_agent text not null default '',
  ip inet
);

create unique index refresh_tokens_hash_unique on refresh_tokens (token_hash);
create index refresh_tokens_by_family on refresh_tokens (family_id);
-- The token that stands for its session. A second one would be a stolen session that lives on.
create unique index refresh_tokens_newest on refresh_tokens (family_id) where used_at is null;
create index refresh_tokens_by_user on refresh_tokens (user_id, issued_at desc);

create table rate_limits (
  key text primary key,
  hits integer not null,
  resets_at timestamptz(3) not null
);

create index rate_limits_by_reset on rate_limits (resets_at);
