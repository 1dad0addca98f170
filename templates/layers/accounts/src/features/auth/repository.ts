import type { Queryable } from '../../ports/database.ts';
import { ACCOUNT, type Account } from './account.ts';
import type { ProfilePatch } from './schema.ts';

export interface Credentials {
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string;
}

const CREDENTIALS = 'id, email, password_hash as "passwordHash"';

/** The unique index refuses an address that somebody has, in whatever case it is written. */
export async function insertAccount(db: Queryable, email: string, name: string, passwordHash: string): Promise<Account> {
  const [account] = await db.query<Account>(
    `insert into users (email, name, password_hash) values ($1, $2, $3) returning ${ACCOUNT}`,
    [email, name, passwordHash],
  );
  if (!account) throw new Error('an insert returned no row');
  return account;
}

export async function findAccount(db: Queryable, id: string): Promise<Account | undefined> {
  const [account] = await db.query<Account>(`select ${ACCOUNT} from users where id = $1`, [id]);
  return account;
}

/** As `findAccount`, and nobody else changes the account or its sessions until the transaction ends. */
export async function lockAccount(db: Queryable, id: string): Promise<Account | undefined> {
  const [account] = await db.query<Account>(`select ${ACCOUNT} from users where id = $1 and disabled_at is null for no key update`, [id]);
  return account;
}

/** As `lockAccount`, if the password is still the one that was checked a moment ago. */
export async function lockCredentials(db: Queryable, { id, passwordHash }: Credentials): Promise<boolean> {
  const rows = await db.query(
    'select 1 from users where id = $1 and password_hash = $2 and disabled_at is null for no key update',
    [id, passwordHash],
  );
  return rows.length > 0;
}

export async function findCredentialsByEmail(db: Queryable, email: string): Promise<Credentials | undefined> {
  const [row] = await db.query<Credentials>(`select ${CREDENTIALS} from users where lower(email) = lower($1) and disabled_at is null`, [email]);
  return row;
}

export async function findCredentials(db: Queryable, id: string): Promise<Credentials | undefined> {
  const [row] = await db.query<Credentials>(`select ${CREDENTIALS} from users where id = $1 and disabled_at is null`, [id]);
  return row;
}

export async function updateAccount(db: Queryable, id: string, { name }: ProfilePatch): Promise<Account | undefined> {
  const [account] = await db.query<Account>(
    `update users set name = coalesce($2, name), version = version + 1, updated_at = now() where id = $1 returning ${ACCOUNT}`,
    [id, name ?? null],
  );
  return account;
}

export async function updatePassword(db: Queryable, id: string, passwordHash: string): Promise<void> {
  await db.query('update users set password_hash = $2, password_changed_at = now() where id = $1', [id, passwordHash]);
}

/**
 * Erases who the person was. The row stays, because what others need points at it; `!` is no hash of any password.
 */
export async function eraseAccount(db: Queryable, id: string): Promise<void> {
  await db.query(
    `update users set email = id || '@deleted.invalid', name = '', password_hash = '!',
       disabled_at = now(), version = version + 1, updated_at = now()
     where id = $1`,
    [id],
  );
}
