import type { Request, Response } from 'express';
import { invalid, Problem } from './problem.ts';

const TAG = /^\s*(W\/)?"([^"]*)"\s*$/;

export function setETag(response: Response, version: number): void {
  response.set('ETag', `"${version}"`);
}

/**
 * Returns the versions that If-Match accepts, or null for `*`, which accepts any.
 * Weak tags never match here: RFC 9110 asks If-Match for a strong comparison.
 */
export function requireIfMatch(request: Request): readonly number[] | null {
  const versions = ifMatch(request);
  if (versions === undefined) {
    throw new Problem(428, 'precondition.required', 'Send If-Match with the ETag that your change is based on.');
  }
  return versions;
}

/** As `requireIfMatch`, but null as well where the header is missing. */
export function optionalIfMatch(request: Request): readonly number[] | null {
  return ifMatch(request) ?? null;
}

export function assertMatches(accepted: readonly number[] | null, version: number): void {
  if (accepted && !accepted.includes(version)) {
    throw new Problem(412, 'precondition.failed', 'It was changed since you read it. Read it again.', {
      headers: { ETag: `"${version}"` },
    });
  }
}

function ifMatch(request: Request): readonly number[] | null | undefined {
  const header = request.get('if-match');
  if (header === undefined) return undefined;
  if (header.trim() === '*') return null;
  return header.split(',').flatMap((entry) => {
    const tag = TAG.exec(entry);
    if (!tag) throw invalid('/headers/if-match', 'must be an ETag in double quotes');
    return !tag[1] && /^\d{1,9}$/.test(tag[2] ?? '') ? [Number(tag[2])] : [];
  });
}
