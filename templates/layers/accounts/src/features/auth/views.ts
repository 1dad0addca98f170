import { z, type ZodType } from 'zod';
import { listOf, named, type Json } from '../../openapi/schemas.ts';
import type { Content } from '../../ports/openapi.ts';
import { ACCESS_SECONDS, type AccessTokens } from './access-token.ts';
import { AccountView, ADA } from './account.ts';
import type { OpenSession, SessionView } from './sessions.ts';

const Grant = named(
  'Grant',
  z.strictObject({
    tokenType: z.literal('Bearer'),
    accessToken: z.string(),
    expiresIn: z.int().meta({ description: 'For how many seconds the access token is good.' }),
    refreshToken: z.string().meta({ description: 'Good once: `POST /v1/auth/refresh` answers with its successor.' }),
    sessionExpiresAt: z.iso.datetime(),
  }),
);

const Session: ZodType<Json<SessionView>> = named(
  'Session',
  z.strictObject({
    id: z.uuid(),
    createdAt: z.iso.datetime(),
    refreshedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    userAgent: z.string(),
    ip: z.string().nullable(),
    current: z.boolean().meta({ description: 'Whether it is the one that asks.' }),
  }),
);

const MOMENT = ADA.createdAt;

/** The bodies of answers, as they are described. */
export const ACCOUNT_CONTENT: Content = { schema: AccountView, example: ADA };

export const GRANT_CONTENT: Content = {
  schema: Grant,
  example: { tokenType: 'Bearer', accessToken: 'eyJhbGciOi...', expiresIn: ACCESS_SECONDS, refreshToken: 'q8Zr...', sessionExpiresAt: MOMENT },
};

export const SESSIONS_CONTENT: Content = {
  schema: listOf('SessionList', Session),
  example: {
    data: [{ id: ADA.id, createdAt: MOMENT, refreshedAt: MOMENT, expiresAt: MOMENT, userAgent: 'curl/8.0', ip: '192.0.2.1', current: true }],
  },
};

/** What whoever opened a session, or went on with it, gets. */
export async function grantOf(session: OpenSession, tokens: AccessTokens): Promise<Readonly<Record<string, unknown>>> {
  return {
    tokenType: 'Bearer',
    accessToken: await tokens.sign(session),
    expiresIn: ACCESS_SECONDS,
    refreshToken: session.refreshToken,
    sessionExpiresAt: session.expiresAt,
  };
}
