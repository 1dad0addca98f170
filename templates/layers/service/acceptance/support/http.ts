import assert from 'node:assert/strict';

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed JSON; an empty object where there is none. */
  readonly body: Body;
}

type Sent = Readonly<Record<string, string>>;

/** An HTTP client so small that a reader sees what goes over the wire. */
export class Client {
  readonly #base: string;
  readonly #headers: Sent;

  constructor(base: string, headers: Sent = {}) {
    this.#base = base;
    this.#headers = headers;
  }

  with(headers: Sent): Client {
    return new Client(this.#base, { ...this.#headers, ...headers });
  }

  /** The same caller at another process. */
  at(base: string): Client {
    return new Client(base, this.#headers);
  }

  get<Body>(path: string, headers?: Sent): Promise<Answer<Body>> {
    return this.send('GET', path, undefined, headers);
  }

  post<Body>(path: string, value?: unknown, headers?: Sent): Promise<Answer<Body>> {
    return this.#json('POST', path, value, headers);
  }

  put<Body>(path: string, value: unknown, headers?: Sent): Promise<Answer<Body>> {
    return this.#json('PUT', path, value, headers);
  }

  patch<Body>(path: string, value: unknown, headers?: Sent): Promise<Answer<Body>> {
    return this.#json('PATCH', path, value, { 'Content-Type': 'application/merge-patch+json', ...headers });
  }

  delete<Body>(path: string, headers?: Sent): Promise<Answer<Body>> {
    return this.send('DELETE', path, undefined, headers);
  }

  /** Sends exactly these bytes. */
  async send<Body>(method: string, path: string, body?: RequestInit['body'], headers: Sent = {}): Promise<Answer<Body>> {
    const response = await fetch(this.#base + path, {
      method,
      headers: { ...this.#headers, ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    const json = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, body: JSON.parse(json && text ? text : '{}') as Body };
  }

  #json<Body>(method: string, path: string, value: unknown, headers: Sent = {}): Promise<Answer<Body>> {
    if (value === undefined) return this.send(method, path, undefined, headers);
    return this.send(method, path, JSON.stringify(value), { 'Content-Type': 'application/json', ...headers });
  }
}

/** Returns the body of an answer that must have this status. */
export function bodyOf<Body>(answer: Answer<Body>, status = 200): Body {
  assert.equal(answer.status, status, `expected ${status}, got ${answer.status}: ${answer.text.slice(0, 500)}`);
  return answer.body;
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** Asserts that an answer is a problem of RFC 9457 with this status, and returns it. */
export function problemOf(answer: Answer<unknown>, status: number): ProblemBody {
  const problem = bodyOf(answer as Answer<ProblemBody>, status);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json\b/);
  assert.equal(problem.status, status);
  for (const key of ['type', 'title', 'detail', 'instance', 'code', 'requestId'] as const) {
    assert.equal(typeof problem[key], 'string', `a problem carries ${key}: ${answer.text}`);
  }
  assert.doesNotMatch(answer.text, /node_modules|\bat .*:\d+:\d+|\bselect\b.*\bfrom\b/i, 'no stack and no SQL in an answer');
  return problem;
}
