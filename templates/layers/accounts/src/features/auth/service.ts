import { Problem } from '../../http/problem.ts';
import { assertMatches } from '../../http/etag.ts';
import type { Logger } from '../../logger.ts';
import type { Database } from '../../ports/database.ts';
import type { Account } from './account.ts';
import type { Client } from './client.ts';
import { assertAcceptable, type Passwords } from './passwords.ts';
import * as repository from './repository.ts';
import type { Credentials } from './repository.ts';
import type { Login, PasswordChange, ProfilePatch, Registration } from './schema.ts';
import * as sessions from './sessions.ts';
import type { OpenSession } from './sessions.ts';

export interface Tools {
  readonly db: Database;
  readonly log: Logger;
  readonly passwords: Passwords;
}

export async function register({ db, log, passwords }: Tools, input: Registration): Promise<Account> {
  assertAcceptable(input.password, String(input.email), '/body/password');
  // Before the database is asked, so that an address that is taken takes no less time.
  const hash = await passwords.hash(input.password);
  const account = await repository.insertAccount(db, input.email, input.name ?? '', hash);
  log.info({ event: 'auth.registered', userId: account.id }, 'registered');
  return account;
}

export async function login({ db, log, passwords }: Tools, { email, password }: Login, client: Client): Promise<OpenSession> {
  const credentials = await repository.findCredentialsByEmail(db, email);
  const right = await passwords.verify(credentials?.passwordHash, password);
  const session = credentials && right ? await openFor(db, credentials, client) : undefined;
  if (!session) {
    log.warn({ event: 'auth.login_failed', userId: credentials?.id }, 'login failed');
    throw new Problem(401, 'auth.invalid_credentials', 'The address or the password is wrong.');
  }
  log.info({ event: 'auth.logged_in', userId: session.userId }, 'logged in');
  return session;
}

export async function refresh({ db, log }: Tools, token: string, client: Client): Promise<OpenSession> {
  const rotation = await sessions.rotate(db, token, client);
  if (rotation.outcome === 'rotated') return rotation.session;
  if (rotation.outcome === 'reused') {
    log.warn({ event: 'auth.token_reused', userId: rotation.userId }, 'a refresh token came twice; its session has ended');
  }
  throw new Problem(401, 'auth.invalid_refresh_token', 'The session has ended. Log in again.');
}

/** Ends one session of this user, and returns whether there was one. */
export async function logout({ db, log }: Tools, userId: string, sessionId: string): Promise<boolean> {
  const ended = await db.transaction(async (transaction) => {
    await repository.lockAccount(transaction, userId);
    return sessions.endSession(transaction, userId, sessionId);
  });
  if (ended) log.info({ event: 'auth.logged_out', userId }, 'logged out');
  return ended;
}

export async function logoutAll({ db, log }: Tools, userId: string): Promise<void> {
  await db.transaction(async (transaction) => {
    await repository.lockAccount(transaction, userId);
    await sessions.endAllSessions(transaction, userId);
  });
  log.info({ event: 'auth.logged_out_everywhere', userId }, 'logged out everywhere');
}

/** Ends every session, the caller's too, since any of them may be the thief's; opens a new one for the caller. */
export async function changePassword(tools: Tools, userId: string, input: PasswordChange, client: Client): Promise<OpenSession> {
  const { db, log, passwords } = tools;
  const credentials = await confirm(tools, userId, input.currentPassword, '/body/currentPassword');
  assertAcceptable(input.newPassword, credentials.email, '/body/newPassword');
  const hash = await passwords.hash(input.newPassword);
  const session = await db.transaction(async (transaction) => {
    if (!(await repository.lockCredentials(transaction, credentials))) throw wrongPassword('/body/currentPassword');
    await repository.updatePassword(transaction, userId, hash);
    await sessions.endAllSessions(transaction, userId);
    return sessions.openSession(transaction, userId, client);
  });
  log.info({ event: 'auth.password_changed', userId }, 'password changed');
  return session;
}

export async function changeProfile({ db }: Tools, userId: string, patch: ProfilePatch, ifMatch: readonly number[] | null): Promise<Account> {
  return db.transaction(async (transaction) => {
    const account = existing(await repository.lockAccount(transaction, userId));
    assertMatches(ifMatch, account.version);
    return existing(await repository.updateAccount(transaction, userId, patch));
  });
}

export async function getProfile({ db }: Tools, userId: string): Promise<Account> {
  return existing(await repository.findAccount(db, userId));
}

export async function closeAccount(tools: Tools, userId: string, password: string): Promise<void> {
  const credentials = await confirm(tools, userId, password, '/body/password');
  await tools.db.transaction(async (transaction) => {
    if (!(await repository.lockCredentials(transaction, credentials))) throw wrongPassword('/body/password');
    await sessions.forgetSessions(transaction, userId);
    await repository.eraseAccount(transaction, userId);
  });
  tools.log.info({ event: 'auth.account_closed', userId }, 'account closed');
}

// Between the check of the password and this, it may have been changed to lock somebody out.
function openFor(db: Database, credentials: Credentials, client: Client): Promise<OpenSession | undefined> {
  return db.transaction(async (transaction) => {
    if (!(await repository.lockCredentials(transaction, credentials))) return undefined;
    return sessions.openSession(transaction, credentials.id, client);
  });
}

async function confirm({ db, log, passwords }: Tools, userId: string, password: string, pointer: string): Promise<Credentials> {
  const credentials = await repository.findCredentials(db, userId);
  if ((await passwords.verify(credentials?.passwordHash, password)) && credentials) return credentials;
  log.warn({ event: 'auth.confirmation_failed', userId }, 'wrong password');
  throw wrongPassword(pointer);
}

// 403, because 401 would tell clients that their access token is at fault.
function wrongPassword(pointer: string): Problem {
  const detail = 'The password is wrong.';
  return new Problem(403, 'auth.wrong_password', detail, { errors: [{ pointer, detail }] });
}

// The account was there when the request was authenticated.
function existing(account: Account | undefined): Account {
  if (!account) throw new Problem(401, 'auth.invalid_token', 'The account is closed.', { headers: { 'WWW-Authenticate': 'Bearer' } });
  return account;
}
