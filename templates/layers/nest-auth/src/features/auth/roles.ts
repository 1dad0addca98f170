import { decodeCursor } from '../../http/cursor.ts';
import { pageLimit, toPage, type Page } from '../../http/page.ts';
import { Problem } from '../../http/problem.ts';
import type { Queryable } from '../../ports/database.ts';
import type { Role } from '../../ports/roles.ts';
import { ACCOUNT, type Account } from './account.ts';
import type { PeopleQuery } from './roles.schema.ts';
import type { Tools } from './service.ts';

const ORDER = 'email';

/** The accounts that are not closed, by their addresses: each is there once, so a cursor needs no more. */
export async function listPeople(db: Queryable, { role, limit, cursor }: PeopleQuery): Promise<Page<Account>> {
  const size = pageLimit(limit);
  const rows = await db.query<Account & { sortKey: string }>(
    `select ${ACCOUNT}, lower(email) as "sortKey" from users
     where disabled_at is null and ($1::text is null or role::text = $1) and ($2::text is null or lower(email) > $2)
     order by lower(email) limit $3`,
    [role ?? null, decodeCursor(cursor, ORDER)?.key ?? null, size + 1],
  );
  return toPage(rows, size, ORDER);
}

/** Gives somebody a role on behalf of an admin. */
export async function changeRole({ db, log }: Tools, adminId: string, id: string, role: Role): Promise<Account> {
  if (id === adminId) throw new Problem(403, 'role.own', 'Nobody changes their own role.');
  const { account, before } = await db.transaction(async (transaction) => {
    const roles = await lockRoles(transaction, [adminId, id]);
    // Asked again: of two admins who take each other's role at once, the second is none any more.
    if (roles.get(adminId) !== 'admin') throw new Problem(403, 'role.missing', 'This takes the role admin.');
    return { account: await updateRole(transaction, id, role), before: roles.get(id) };
  });
  if (!account) throw new Problem(404, 'user.not_found', 'There is no such person.');
  if (before !== role) log.info({ event: 'auth.role_changed', userId: id, by: adminId, from: before, to: role }, 'role changed');
  return account;
}

/** Makes whoever has this address an admin, and returns their id; undefined where nobody has it. */
export async function appoint({ db, log }: Pick<Tools, 'db' | 'log'>, email: string): Promise<string | undefined> {
  const [person] = await db.query<{ id: string }>(
    `update users set role = 'admin', version = version + 1, updated_at = now()
     where lower(email) = lower($1) and disabled_at is null returning id`,
    [email],
  );
  if (person) log.info({ event: 'auth.role_changed', userId: person.id, by: 'make-admin', to: 'admin' }, 'role changed');
  return person?.id;
}

// In one order, so that two admins who name each other wait for each other and do not deadlock.
async function lockRoles(db: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, Role>> {
  const rows = await db.query<{ id: string; role: Role }>(
    'select id, role from users where id = any($1::uuid[]) and disabled_at is null order by id for no key update',
    [ids],
  );
  return new Map(rows.map(({ id, role }) => [id, role]));
}

async function updateRole(db: Queryable, id: string, role: Role): Promise<Account | undefined> {
  const [account] = await db.query<Account>(
    `update users set role = $2, version = version + (role <> $2)::int, updated_at = case when role <> $2 then now() else updated_at end
     where id = $1 and disabled_at is null returning ${ACCOUNT}`,
    [id, role],
  );
  return account;
}
