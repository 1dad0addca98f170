-- Timestamps keep milliseconds, which is what a JavaScript Date can hold: a value read
-- and sent back is the same value, so cursors built from them are exact.
create table tasks (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null
    constraint tasks_project references projects on delete restrict,
  creator_id uuid
    constraint tasks_creator references users on delete set null,
  assignee_id uuid,
  title text not null
    constraint tasks_title_length check (length(title) <= 200 and btrim(title) <> ''),
  description text not null default ''
    constraint tasks_description_length check (length(description) <= 10000),
  status text not null default 'todo'
    constraint tasks_status check (status in ('todo', 'in_progress', 'done', 'cancelled')),
  priority smallint not null default 2
    constraint tasks_priority check (priority between 0 and 4),
  due_at timestamptz(3),
  completed_at timestamptz(3),
  version integer not null default 1,
  search tsvector not null generated always as (
    setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', description), 'B')
  ) stored,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  constraint tasks_assignee_is_member
    foreign key (project_id, assignee_id) references project_members (project_id, user_id)
    on delete set null (assignee_id),
  constraint tasks_completed_when_done check ((status = 'done') = (completed_at is not null))
);

create index tasks_by_creation on tasks (project_id, created_at, id) where deleted_at is null;
create index tasks_by_due on tasks (project_id, due_at, id) where deleted_at is null;
create index tasks_by_assignee on tasks (assignee_id) where deleted_at is null;
create index tasks_by_text on tasks using gin (search) where deleted_at is null;

-- One line for each version of a task, written in the transaction that made the version.
create table task_events (
  id bigint generated always as identity primary key,
  task_id uuid not null
    constraint task_events_task references tasks on delete cascade,
  version integer not null,
  actor_id uuid
    constraint task_events_actor references users on delete set null,
  kind text not null
    constraint task_events_kind check (kind in ('created', 'updated', 'deleted', 'restored')),
  changes jsonb not null default '{}',
  at timestamptz(3) not null default now(),
  constraint task_events_version unique (task_id, version)
);
