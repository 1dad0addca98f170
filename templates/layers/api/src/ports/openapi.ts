import type { ZodType } from 'zod';

/** A body, and one that is good as an example. */
export interface Content {
  readonly schema: ZodType;
  readonly example?: unknown;
  /** JSON where nothing is said. */
  readonly mediaType?: string;
}

export interface Answer {
  readonly status: number;
  readonly description: string;
  readonly content?: Content;
  /** Besides those that every answer carries. */
  readonly headers?: readonly ('ETag' | 'Location')[];
}

/** One method of one address. The schemas are those that its route parses with. */
export interface Operation {
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As Express writes it: `/v1/tasks/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly pathParameters?: ZodType;
  readonly query?: ZodType;
  readonly body?: Content;
  readonly ifMatch?: 'required' | 'optional';
  /** Whether an Idempotency-Key makes it happen once. */
  readonly idempotencyKey?: boolean;
  /** Whether it is open to callers who do not say who they are. */
  readonly anonymous?: boolean;
  /** Whether tries are counted: see the headers `RateLimit` and `Retry-After`. */
  readonly limited?: boolean;
  readonly answers: readonly [Answer, ...Answer[]];
  /** Refusals that follow from none of the above, by status. */
  readonly refusals?: Readonly<Record<number, string>>;
}

/** What a feature adds to the description of the API. Nothing, as long as it is a stub. */
export interface ApiPart {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly Operation[];
}

/** The bearer token by which callers say who they are. */
export interface Credential {
  readonly description: string;
  readonly format?: string;
  /** Whether calls without one are refused. */
  readonly required: boolean;
}
