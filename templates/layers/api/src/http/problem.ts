import { STATUS_CODES } from 'node:http';

/** One thing that is wrong with a request, and where: `/body/title`, `/query/limit`. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

interface Extras {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer other than success, as RFC 9457 describes it. Throw it from anywhere. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  /** Stable: clients may branch on it. The detail is for people and may change. */
  readonly code: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, detail: string, { errors, headers = {} }: Extras = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }

  toBody(instance: string, requestId: string | undefined): Record<string, unknown> {
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status],
      status: this.status,
      detail: this.message,
      instance,
      code: this.code,
      requestId,
      errors: this.errors,
    };
  }
}

export const invalid = (pointer: string, detail: string): Problem =>
  new Problem(400, 'request.invalid', 'The request is not valid.', { errors: [{ pointer, detail }] });
