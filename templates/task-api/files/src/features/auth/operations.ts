import { z, type ZodType } from 'zod';
import type { Config } from '../../config.ts';
import { listOf, named, type Json } from '../../openapi/schemas.ts';
import type { ApiPart, Credential, Operation } from '../../ports/openapi.ts';
import { ACCESS_SECONDS } from './access-token.ts';
import type * as repository from './repository.ts';
import { Closing, Login, PasswordChange, ProfilePatch, Refresh, Registration, SessionPath } from './schema.ts';
import type { SessionView } from './sessions.ts';

for (const [id, schema] of Object.entries({ Registration, Login, Refresh, PasswordChange, ProfilePatch, Closing })) named(id, schema);

const Account: ZodType<Json<repository.Account>> = named(
  'Account',
  z.strictObject({
    id: z.uuid(),
    email: z.string(),
    name: z.string(),
    version: z.int().min(1),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  }),
);

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

const [PERSON, EMAIL, MOMENT] = ['5b1f7a52-6f0c-4b8e-8d1e-2f3a4b5c6d7e', 'ada@example.org', '2031-05-06T07:08:07.123Z'];
const [PASSWORD, NEW_PASSWORD] = ['three teapots on a shelf', 'four kettles in a cellar'];

const account = { id: PERSON, email: EMAIL, name: 'Ada Example', version: 1, createdAt: MOMENT, updatedAt: MOMENT };

const grant = {
  tokenType: 'Bearer',
  accessToken: 'eyJhbGciOi...',
  expiresIn: ACCESS_SECONDS,
  refreshToken: 'q8Zr...',
  sessionExpiresAt: MOMENT,
};

const session = { id: PERSON, createdAt: MOMENT, refreshedAt: MOMENT, expiresAt: MOMENT, userAgent: 'curl/8.0', ip: '192.0.2.1', current: true };

const WRONG_PASSWORD = 'The password is wrong.';

const entrance: readonly Operation[] = [
  {
    id: 'register',
    method: 'post',
    path: '/v1/auth/register',
    summary: 'Open an account',
    description: 'Passwords that are common, or near to the address, are refused.',
    anonymous: true,
    limited: true,
    body: { schema: Registration, example: { email: EMAIL, password: PASSWORD, name: 'Ada Example' } },
    answers: [{ status: 201, description: 'The account.', headers: ['ETag', 'Location'], content: { schema: Account, example: account } }],
    refusals: { 409: 'The address is registered already.' },
  },
  {
    id: 'login',
    method: 'post',
    path: '/v1/auth/login',
    summary: 'Open a session',
    anonymous: true,
    limited: true,
    body: { schema: Login, example: { email: EMAIL, password: PASSWORD } },
    answers: [{ status: 200, description: 'The tokens of the session.', content: { schema: Grant, example: grant } }],
    refusals: { 401: 'The address or the password is wrong.' },
  },
  {
    id: 'refresh',
    method: 'post',
    path: '/v1/auth/refresh',
    summary: 'Trade a refresh token for new tokens',
    description: 'A refresh token that comes a second time ends its session: one of the two who had it is a thief.',
    anonymous: true,
    body: { schema: Refresh, example: { refreshToken: 'q8Zr...' } },
    answers: [{ status: 200, description: 'The next tokens of the session.', content: { schema: Grant, example: grant } }],
    refusals: { 401: 'The session has ended.' },
  },
];

const sessions: readonly Operation[] = [
  {
    id: 'logout',
    method: 'post',
    path: '/v1/auth/logout',
    summary: 'End this session',
    answers: [{ status: 204, description: 'Its tokens are no longer good.' }],
  },
  {
    id: 'logoutAll',
    method: 'post',
    path: '/v1/auth/logout-all',
    summary: 'End all of your sessions',
    answers: [{ status: 204, description: 'Their tokens are no longer good.' }],
  },
  {
    id: 'listSessions',
    method: 'get',
    path: '/v1/auth/sessions',
    summary: 'List your sessions',
    answers: [{ status: 200, description: 'Those that have not ended.', content: { schema: listOf('SessionList', Session), example: { data: [session] } } }],
  },
  {
    id: 'endSession',
    method: 'delete',
    path: '/v1/auth/sessions/:id',
    summary: 'End one of your sessions',
    pathParameters: SessionPath,
    answers: [{ status: 204, description: 'Its tokens are no longer good.' }],
  },
  {
    id: 'changePassword',
    method: 'post',
    path: '/v1/auth/password',
    summary: 'Change the password, and end every session',
    limited: true,
    body: { schema: PasswordChange, example: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD } },
    answers: [{ status: 200, description: 'The tokens of a fresh session.', content: { schema: Grant, example: grant } }],
    refusals: { 403: WRONG_PASSWORD },
  },
];

const profile: readonly Operation[] = [
  {
    id: 'getProfile',
    method: 'get',
    path: '/v1/users/me',
    summary: 'Read your account',
    answers: [{ status: 200, description: 'The account.', headers: ['ETag'], content: { schema: Account, example: account } }],
  },
  {
    id: 'changeProfile',
    method: 'patch',
    path: '/v1/users/me',
    summary: 'Change your name',
    ifMatch: 'required',
    body: { schema: ProfilePatch, example: { name: 'Ada' } },
    answers: [{ status: 200, description: 'The account as it is now.', headers: ['ETag'], content: { schema: Account, example: account } }],
  },
  {
    id: 'closeAccount',
    method: 'delete',
    path: '/v1/users/me',
    summary: 'Close your account',
    description: 'Address, name and password are erased. What was made stays with its projects.',
    limited: true,
    body: { schema: Closing, example: { password: PASSWORD } },
    answers: [{ status: 204, description: 'It is closed.' }],
    refusals: { 403: WRONG_PASSWORD },
  },
];

export const api: readonly ApiPart[] = Object.freeze([
  { name: 'Sessions', description: 'How to get tokens, and how to make them worthless.', operations: [...entrance, ...sessions] },
  { name: 'Account', description: 'Your own.', operations: profile },
]);

export const credentialFor = (_config: Config): Credential => ({
  description: 'The access token that `POST /v1/auth/login` answers with.',
  format: 'JWT',
  required: true,
});
