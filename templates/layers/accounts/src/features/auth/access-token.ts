import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { manifest } from '../../manifest.ts';
import { createMemory } from './memory.ts';

export const ACCESS_SECONDS = 600;
/** Processes on several machines never agree on the time to the second. */
const CLOCK_TOLERANCE_SECONDS = 5;
const ALGORITHM = 'HS256';
const ISSUER = manifest.name;
const AUDIENCE = manifest.name;
/** RFC 9068: no other kind of token that this secret may ever sign passes as an access token. */
const TYPE = 'at+jwt';

export interface Claims {
  readonly userId: string;
  readonly sessionId: string;
}

export interface AccessTokens {
  sign(claims: Claims): Promise<string>;
  /** Returns what the token claims, or undefined where it is not one of ours or is too old. */
  verify(token: string): Promise<Claims | undefined>;
}

/** Checking a signature costs as much as a small query, and a client shows its token again and again. */
const REMEMBERED = 10_000;

const Content = z.object({ sub: z.uuid(), sid: z.uuid(), iat: z.number(), exp: z.number() });

/** Without a secret, tokens are good in this process alone: enough for development. */
export function createAccessTokens(secret: string = randomBytes(32).toString('base64url')): AccessTokens {
  const key = createSecretKey(Buffer.from(secret));
  const good = createMemory<Claims>(REMEMBERED);
  return Object.freeze({
    sign: (claims: Claims) => sign(claims, key),
    verify: async (token: string) => {
      const known = good.recall(token);
      if (known) return known;
      const content = Content.safeParse(await payloadOf(token, key));
      if (!content.success) return undefined;
      const { sub, sid, iat, exp } = content.data;
      const claims = Object.freeze({ userId: sub, sessionId: sid });
      good.keep(token, claims, Math.min(exp, iat + ACCESS_SECONDS) * 1000);
      return claims;
    },
  });
}

function sign({ userId, sessionId }: Claims, key: KeyObject): Promise<string> {
  return new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
    .setSubject(userId)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(`${ACCESS_SECONDS} s`)
    .sign(key);
}

async function payloadOf(token: string, key: KeyObject): Promise<unknown> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: TYPE,
      requiredClaims: ['sub', 'sid', 'iat', 'exp'],
      maxTokenAge: ACCESS_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
