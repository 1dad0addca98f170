import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { ConfigError, type Config } from '../../config.ts';
import { Problem } from '../../http/problem.ts';

/** Returns how to refuse whoever does not send the demo token; in development nobody has to. */
export function demoTokenCheck({ production, demoToken }: Pick<Config, 'production' | 'demoToken'>): (request: Request) => void {
  if (!production) return () => {};
  if (!demoToken) throw new ConfigError('DEMO_TOKEN: must be set in production as long as auth is not built');
  const expected = digest(`Bearer ${demoToken}`);
  return (request) => {
    // Digests have one length, so the comparison tells nothing about the token.
    if (timingSafeEqual(digest(request.get('authorization') ?? ''), expected)) return;
    throw new Problem(401, 'auth.required', 'Send the demo token as a bearer token.', { headers: { 'WWW-Authenticate': 'Bearer' } });
  };
}

const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
