import { z } from 'zod';
import { listing } from '../../http/query.ts';
import { named } from '../../openapi/schemas.ts';
import { ROLES } from '../../ports/roles.ts';

export const PeopleQuery = z.strictObject({ ...listing, role: z.enum(ROLES).optional() });

/** In the letters of the database, so that an id is the same one however it is written. */
export const PersonPath = z.strictObject({ id: z.uuid().toLowerCase() });

export const RoleChange = named('RoleChange', z.strictObject({ role: z.enum(ROLES) }));

export type PeopleQuery = z.infer<typeof PeopleQuery>;
export type PersonPath = z.infer<typeof PersonPath>;
export type RoleChange = z.infer<typeof RoleChange>;
