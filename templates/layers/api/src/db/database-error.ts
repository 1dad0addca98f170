/** The connection failed, not what was asked over it. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The SQLSTATE of a database error, or undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

/** The name of the constraint that a statement ran into. */
export function constraintOf(error: unknown): string | undefined {
  return error instanceof Error && 'constraint' in error ? String(error.constraint) : undefined;
}

/** Whether there is no database to ask: the server stops, starts, or has no more connections to give. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Error && 'severity' in error && error.severity === 'FATAL');
}
