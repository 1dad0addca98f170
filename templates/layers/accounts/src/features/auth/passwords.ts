import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { invalid, Problem } from '../../http/problem.ts';
import { isCommon } from './common-passwords.ts';
import { createGate, type Gate } from './gate.ts';

export const SHORTEST = 12;
export const LONGEST = 128;

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

interface Encoded {
  readonly cost: Cost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

// The least that OWASP recommends; some 40 ms and 19 MiB a password.
const COST: Cost = Object.freeze({ memory: 19_456, passes: 2, parallelism: 1 });
const HASH_BYTES = 32;
const FORM = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
// What nobody's password is compared with. Its content is of no importance, only its cost is.
const NOBODY: Encoded = Object.freeze({ cost: COST, salt: Buffer.alloc(16), hash: Buffer.alloc(HASH_BYTES) });

const run = promisify(argon2);

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes as long for an account that does not exist (`undefined`) as for one that does. */
  verify(stored: string | undefined, password: string): Promise<boolean>;
}

/**
 * Hashing happens on the four threads that files and name lookups need, too. Two at once leave
 * room for those, and a line that has an end keeps a flood of logins from piling up memory.
 */
export function createPasswords(gate: Gate = createGate({ running: 2, waiting: 64 }, tooBusy)): Passwords {
  return Object.freeze({
    hash: async (password: string) => {
      const salt = randomBytes(16);
      return encode({ cost: COST, salt, hash: await gate(() => derive(password, COST, salt, HASH_BYTES)) });
    },
    verify: async (stored: string | undefined, password: string) => {
      const known = stored === undefined ? undefined : decode(stored);
      const { cost, salt, hash } = known ?? NOBODY;
      const derived = await gate(() => derive(String(password), cost, salt, hash.length));
      return timingSafeEqual(derived, hash) && known !== undefined;
    },
  });
}

/** Refuses what is no acceptable new password, also where validation is not built. */
export function assertAcceptable(password: unknown, email: string, pointer: string): void {
  if (typeof password !== 'string' || password.length < SHORTEST || password.length > LONGEST) {
    throw invalid(pointer, `must have ${SHORTEST} to ${LONGEST} characters`);
  }
  if (isCommon(password) || password.toLowerCase() === email.toLowerCase()) {
    throw invalid(pointer, 'is easy to guess; choose another one');
  }
}

function derive(password: string, { memory, passes, parallelism }: Cost, nonce: Buffer, tagLength: number): Promise<Buffer> {
  return run('argon2id', { message: password, nonce, memory, passes, parallelism, tagLength });
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

// The form that other argon2 libraries read and write, so that accounts can move.
function encode({ cost, salt, hash }: Encoded): string {
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

function decode(text: string): Encoded | undefined {
  const [, memory, passes, parallelism, salt = '', hash = ''] = FORM.exec(text) ?? [];
  if (!memory) return undefined;
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

function tooBusy(): Problem {
  return new Problem(503, 'auth.busy', 'Too many people are logging in; try again.', { headers: { 'Retry-After': '1' } });
}
