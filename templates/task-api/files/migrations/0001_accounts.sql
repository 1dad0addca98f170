create table users (
  id uuid primary key default gen_random_uuid(),
  email text not null
    constraint users_email_shape check (length(email) <= 254 and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  name text not null default ''
    constraint users_name_length check (length(name) <= 100),
  password_hash text not null,
  password_changed_at timestamptz(3) not null default now(),
  disabled_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);

create unique index users_email_unique on users (lower(email));

-- One family is one session: every token that descends from one login.
create table refresh_tokens (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null
    constraint refresh_tokens_user references users on delete cascade,
  family_id uuid not null,
  token_hash bytea not null
    constraint refresh_tokens_hash_length check (octet_length(token_hash) = 32)
    constraint refresh_tokens_hash_unique unique,
  issued_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  used_at timestamptz(3),
  replaced_by uuid
    constraint refresh_tokens_successor references refresh_tokens on delete set null,
  revoked_at timestamptz(3),
  user_agent text not null default '',
  ip inet
);

create index refresh_tokens_by_family on refresh_tokens (family_id);
-- The token that stands for its session. A second one would be a stolen session that lives on.
create unique index refresh_tokens_newest on refresh_tokens (family_id) where used_at is null;
create index refresh_tokens_by_user on refresh_tokens (user_id, issued_at desc);

-- Counters that every process of the service shares.
create table rate_limits (
  key text primary key,
  hits integer not null,
  resets_at timestamptz(3) not null
);

create index rate_limits_by_reset on rate_limits (resets_at);
