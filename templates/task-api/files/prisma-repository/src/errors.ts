import { Unreachable } from '../../src/db/database-error.ts';

type Fields = Readonly<Record<string, unknown>>;

const INVALID_PARAMETER = '22023';
// The database lets nobody in, which is no answer to what was asked.
const CLOSED: ReadonlySet<unknown> = new Set(['28000', '28P01', '3D000']);
// Prisma's own: no connection, none in time, one that broke, a transaction that took too long.
const AWAY = /^P(1\d{3}|2024|2028|2037)$/;
const AWAY_KINDS: ReadonlySet<unknown> = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TlsConnectionError']);

/** A refusal in the words of PostgreSQL, in which the service reads those of its own driver, too. */
class DatabaseRefusal extends Error {
  override readonly name = 'DatabaseRefusal';
  readonly code: string;
  readonly severity: string;
  readonly constraint: string | undefined;

  constructor({ code, severity = 'ERROR', constraint }: { code: string; severity?: string; constraint?: string | undefined }, cause: unknown) {
    super('the database refused', { cause });
    this.code = code;
    this.severity = severity;
    this.constraint = constraint;
  }
}

/** Waits for an answer of Prisma's, and tells in the words of the port why there is none. */
export async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw inWordsOfThePort(error);
  }
}

export function inWordsOfThePort(error: unknown): unknown {
  if (!isObject(error)) return error;
  // A value of the wrong type, which Prisma does not even send.
  if (error['name'] === 'PrismaClientValidationError') return new DatabaseRefusal({ code: INVALID_PARAMETER }, error);
  const said = saidBy(error);
  if (AWAY.test(String(error['code'])) || AWAY_KINDS.has(said?.['kind']) || CLOSED.has(said?.['originalCode'])) return unreachable(error);
  const code = said?.['originalCode'];
  if (typeof code === 'string') return new DatabaseRefusal({ code, severity: textOf(said?.['severity']), constraint: constraintOf(said) }, error);
  // Neither Prisma nor the database speaks: the driver lost its connection, or got none.
  return error['name'] === 'Error' ? unreachable(error) : error;
}

const unreachable = (cause: unknown) => new Unreachable('the database does not answer', { cause });

/** What the driver adapter tells of the database's error: as itself, or in what Prisma makes of it. */
function saidBy(error: Fields): Fields | undefined {
  if (error['name'] === 'DriverAdapterError') return isObject(error['cause']) ? error['cause'] : undefined;
  const { meta } = error;
  return isObject(meta) && isObject(meta['driverAdapterError']) ? saidBy(meta['driverAdapterError']) : undefined;
}

// Of a check and of some others, the adapter keeps the name in the message alone.
function constraintOf(said: Fields | undefined): string | undefined {
  const constraint = said?.['constraint'];
  if (isObject(constraint) && typeof constraint['index'] === 'string') return constraint['index'];
  return /constraint "([^"]+)"/.exec(String(said?.['originalMessage']))?.[1];
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
