import type { RequestHandler } from 'express';
import type { ZodType } from 'zod';

/** The part of a request that a value comes from; it opens the pointer of every complaint. */
export type Source = 'body' | 'query' | 'path' | 'headers';

export interface Validation {
  /** Reads a JSON body into `request.body`. */
  readonly readBody: RequestHandler;
  /**
   * Returns what the schema makes of the input. Where validation is not built, that is the
   * input itself: SQL and the database's constraints must be able to stand alone.
   */
  parse<Output>(schema: ZodType<Output>, input: unknown, source: Source): Output;
}
