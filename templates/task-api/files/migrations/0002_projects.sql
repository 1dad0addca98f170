create table projects (
  id uuid primary key default gen_random_uuid(),
  name text not null
    constraint projects_name_length check (length(name) <= 100 and btrim(name) <> ''),
  description text not null default ''
    constraint projects_description_length check (length(description) <= 2000),
  version integer not null default 1,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);

create table project_members (
  project_id uuid not null
    constraint project_members_project references projects on delete cascade,
  user_id uuid not null
    constraint project_members_user references users on delete cascade,
  role text not null
    constraint project_members_role check (role in ('owner', 'editor', 'viewer')),
  added_at timestamptz(3) not null default now(),
  primary key (project_id, user_id)
);

create index project_members_by_user on project_members (user_id);
