import type { Position } from '../../http/cursor.ts';
import type { Queryable } from '../../ports/database.ts';
import type { Listed, Member, NewProject, Project, ProjectPatch, ProjectRepository, Role } from '../../ports/repositories.ts';

/** The port, over SQL. */
export const projectsIn = (db: Queryable): ProjectRepository =>
  Object.freeze({
    insert: (userId, project) => insertProject(db, userId, project),
    find: (userId, id) => findProject(db, userId, id),
    lock: (userId, id) => lockProject(db, userId, id),
    list: (userId, limit, after) => listProjects(db, userId, limit, after),
    update: (id, patch) => updateProject(db, id, patch),
    remove: (id) => deleteProject(db, id),
    listMembers: (id) => listMembers(db, id),
    putMember: (id, userId, role) => putMember(db, id, userId, role),
    removeMember: (id, userId) => deleteMember(db, id, userId),
    hasOwner: (id) => hasOwner(db, id),
  } satisfies ProjectRepository);

const COLUMNS = `p.id, p.name, p.description, p.version, p.archived_at as "archivedAt",
  p.created_at as "createdAt", p.updated_at as "updatedAt"`;

// Every query starts from the membership of whoever asks: what is not theirs does not exist.
const VISIBLE = 'projects p join project_members m on m.project_id = p.id and m.user_id = $1';

async function insertProject(db: Queryable, userId: string, project: NewProject): Promise<string> {
  const [row] = await db.query<{ project_id: string }>(
    `with created as (
       insert into projects (name, description)
       select x.name, coalesce(x.description, '') from jsonb_to_record($2::jsonb) as x(name text, description text)
       returning id)
     insert into project_members (project_id, user_id, role) select id, $1::uuid, 'owner' from created returning project_id`,
    [userId, JSON.stringify(project)],
  );
  if (!row) throw new Error('an insert returned no row');
  return row.project_id;
}

async function findProject(db: Queryable, userId: string, id: string): Promise<Project | undefined> {
  const [row] = await db.query<Project>(`select ${COLUMNS}, m.role from ${VISIBLE} where p.id = $2`, [userId, id]);
  return row;
}

async function lockProject(db: Queryable, userId: string, id: string): Promise<Project | undefined> {
  const [row] = await db.query<Project>(`select ${COLUMNS}, m.role from ${VISIBLE} where p.id = $2 for update of p`, [userId, id]);
  return row;
}

function listProjects(db: Queryable, userId: string, limit: number, after: Position | undefined): Promise<readonly Listed<Project>[]> {
  return db.query(
    `select ${COLUMNS}, m.role, p.created_at::text as "sortKey" from ${VISIBLE}
     where $3::uuid is null or (p.created_at, p.id) > ($2::timestamptz, $3::uuid)
     order by p.created_at, p.id limit $4`,
    [userId, after?.key ?? null, after?.id ?? null, limit + 1],
  );
}

async function updateProject(db: Queryable, id: string, patch: ProjectPatch): Promise<void> {
  await db.query(
    `update projects set
       name = case when $2::jsonb ? 'name' then $2::jsonb ->> 'name' else name end,
       description = case when $2::jsonb ? 'description' then $2::jsonb ->> 'description' else description end,
       archived_at = case when not $2::jsonb ? 'archived' then archived_at
                          when ($2::jsonb ->> 'archived')::boolean then coalesce(archived_at, now()) end,
       version = version + 1, updated_at = now()
     where id = $1`,
    [id, JSON.stringify(patch)],
  );
}

async function deleteProject(db: Queryable, id: string): Promise<void> {
  await db.query('delete from projects where id = $1', [id]);
}

function listMembers(db: Queryable, projectId: string): Promise<readonly Member[]> {
  return db.query(
    `select m.user_id as "userId", u.name, m.role, m.added_at as "addedAt"
     from project_members m join users u on u.id = m.user_id
     where m.project_id = $1 order by m.added_at, m.user_id`,
    [projectId],
  );
}

async function putMember(db: Queryable, projectId: string, userId: string, role: Role): Promise<void> {
  await db.query(
    `insert into project_members (project_id, user_id, role) values ($1, $2, $3)
     on conflict (project_id, user_id) do update set role = excluded.role`,
    [projectId, userId, role],
  );
}

async function deleteMember(db: Queryable, projectId: string, userId: string): Promise<boolean> {
  const rows = await db.query('delete from project_members where project_id = $1 and user_id = $2 returning user_id', [projectId, userId]);
  return rows.length > 0;
}

async function hasOwner(db: Queryable, projectId: string): Promise<boolean> {
  const rows = await db.query("select 1 from project_members where project_id = $1 and role = 'owner' limit 1", [projectId]);
  return rows.length > 0;
}
