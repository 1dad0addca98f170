import { z, type ZodType } from 'zod';
import { named, type Json } from '../../openapi/schemas.ts';
import { ROLES, type Role } from '../../ports/roles.ts';

/** What people are told of their account. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** As SQL selects it from `users`. */
export const ACCOUNT = 'id, email, name, role, version, created_at as "createdAt", updated_at as "updatedAt"';

/** What a request has to know of whoever makes it, as SQL selects it from `users u`. */
export const IDENTITY = 'u.id as "userId", u.role';

export const AccountView: ZodType<Json<Account>> = named(
  'Account',
  z.strictObject({
    id: z.uuid(),
    email: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    version: z.int().min(1),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  }),
);

const MOMENT = '2031-05-06T07:08:07.123Z';

export const ADA: Json<Account> = Object.freeze({
  id: '5b1f7a52-6f0c-4b8e-8d1e-2f3a4b5c6d7e',
  email: 'ada@example.org',
  name: 'Ada Example',
  role: ROLES[0],
  version: 1,
  createdAt: MOMENT,
  updatedAt: MOMENT,
});
