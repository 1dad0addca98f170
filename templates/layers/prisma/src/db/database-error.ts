/** The connection failed, not what was asked over it. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** What the database said, however it came here: from the driver, or through Prisma. */
interface Said {
  readonly code?: unknown;
  readonly severity?: unknown;
  readonly constraint?: unknown;
}

// Prisma's own: no connection, none in time, one that broke, a transaction that took too long.
const AWAY: ReadonlySet<unknown> = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);
const UNREACHABLE_KINDS: ReadonlySet<unknown> = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections']);

/** The SQLSTATE of a database error, or undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  const { code } = saidBy(error) ?? {};
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** The name of the constraint that a statement ran into. */
export function constraintOf(error: unknown): string | undefined {
  const { constraint } = saidBy(error) ?? {};
  return typeof constraint === 'string' ? constraint : undefined;
}

/** Whether there is no database to ask: the server stops, starts, or has no more connections to give. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  if (error instanceof Error && 'code' in error && AWAY.has(error.code)) return true;
  return UNREACHABLE_KINDS.has(causeOf(error)?.['kind']) || saidBy(error)?.severity === 'FATAL';
}

function saidBy(error: unknown): Said | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && 'severity' in error) return error;
  const cause = causeOf(error);
  if (!cause) return undefined;
  return { code: cause['originalCode'], severity: cause['severity'], constraint: indexOf(cause['constraint']) ?? named(cause['originalMessage']) };
}

type Fields = Readonly<Record<string, unknown>>;

/** What the driver adapter tells of an error: as itself, or in what Prisma makes of it. */
function causeOf(error: unknown): Fields | undefined {
  if (!isObject(error)) return undefined;
  if (error['name'] === 'DriverAdapterError') return isObject(error['cause']) ? error['cause'] : undefined;
  return isObject(error['meta']) ? causeOf(error['meta']['driverAdapterError']) : undefined;
}

const indexOf = (constraint: unknown): string | undefined =>
  isObject(constraint) && typeof constraint['index'] === 'string' ? constraint['index'] : undefined;

// Of a check, the adapter keeps the name in the message alone.
const named = (message: unknown): string | undefined => /constraint "([^"]+)"/.exec(String(message))?.[1];

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
