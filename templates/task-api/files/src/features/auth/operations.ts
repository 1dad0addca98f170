import type { Config } from '../../config.ts';
import type { ApiPart, Credential, Operation } from '../../ports/openapi.ts';
import { ADA } from './account.ts';
import { Closing, Login, PasswordChange, ProfilePatch, Refresh, Registration, SessionPath } from './schema.ts';
import { ACCOUNT_CONTENT, GRANT_CONTENT, SESSIONS_CONTENT } from './views.ts';

const [PASSWORD, NEW_PASSWORD] = ['three teapots on a shelf', 'four kettles in a cellar'];

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
    body: { schema: Registration, example: { email: ADA.email, password: PASSWORD, name: ADA.name } },
    answers: [{ status: 201, description: 'The account.', headers: ['ETag', 'Location'], content: ACCOUNT_CONTENT }],
    refusals: { 409: 'The address is registered already.' },
  },
  {
    id: 'login',
    method: 'post',
    path: '/v1/auth/login',
    summary: 'Open a session',
    anonymous: true,
    limited: true,
    body: { schema: Login, example: { email: ADA.email, password: PASSWORD } },
    answers: [{ status: 200, description: 'The tokens of the session.', content: GRANT_CONTENT }],
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
    answers: [{ status: 200, description: 'The next tokens of the session.', content: GRANT_CONTENT }],
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
    answers: [{ status: 200, description: 'Those that have not ended.', content: SESSIONS_CONTENT }],
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
    answers: [{ status: 200, description: 'The tokens of a fresh session.', content: GRANT_CONTENT }],
    refusals: { 403: WRONG_PASSWORD },
  },
];

const profile: readonly Operation[] = [
  {
    id: 'getProfile',
    method: 'get',
    path: '/v1/users/me',
    summary: 'Read your account',
    answers: [{ status: 200, description: 'The account.', headers: ['ETag'], content: ACCOUNT_CONTENT }],
  },
  {
    id: 'changeProfile',
    method: 'patch',
    path: '/v1/users/me',
    summary: 'Change your name',
    ifMatch: 'required',
    body: { schema: ProfilePatch, example: { name: 'Ada' } },
    answers: [{ status: 200, description: 'The account as it is now.', headers: ['ETag'], content: ACCOUNT_CONTENT }],
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
