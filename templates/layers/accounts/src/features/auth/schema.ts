import { z } from 'zod';
import { named } from '../../openapi/schemas.ts';
import { LONGEST, SHORTEST } from './passwords.ts';

const email = z.email().max(254);
const name = z.string().trim().max(100);
const newPassword = z.string().min(SHORTEST).max(LONGEST);
/** Of a password that exists already nothing is asked, except that hashing it stays cheap. */
const givenPassword = z.string().max(LONGEST);

export const Registration = named('Registration', z.strictObject({ email, password: newPassword, name: name.optional() }));

export const Login = named('Login', z.strictObject({ email, password: givenPassword }));

export const Refresh = named('Refresh', z.strictObject({ refreshToken: z.string().max(4096) }));

export const PasswordChange = named('PasswordChange', z.strictObject({ currentPassword: givenPassword, newPassword }));

export const ProfilePatch = named('ProfilePatch', z.strictObject({ name: name.optional() }));

export const Closing = named('Closing', z.strictObject({ password: givenPassword }));

export const SessionPath = z.strictObject({ id: z.uuid() });

export type Registration = z.infer<typeof Registration>;
export type Login = z.infer<typeof Login>;
export type Refresh = z.infer<typeof Refresh>;
export type PasswordChange = z.infer<typeof PasswordChange>;
export type ProfilePatch = z.infer<typeof ProfilePatch>;
export type Closing = z.infer<typeof Closing>;
export type SessionPath = z.infer<typeof SessionPath>;
