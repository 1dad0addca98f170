import { z } from 'zod';
import { listing } from '../../http/query.ts';
import { label, text } from '../../http/text.ts';

const name = label(100);
const description = text(2000);

export const NewProject = z.strictObject({ name, description: description.optional() });

export const ProjectPatch = z.strictObject({
  name: name.optional(),
  description: description.optional(),
  archived: z.boolean().optional(),
});

export const Member = z.strictObject({ role: z.enum(['owner', 'editor', 'viewer']) });

export const ProjectQuery = z.strictObject(listing);

export const ProjectPath = z.strictObject({ id: z.uuid() });

export const MemberPath = z.strictObject({ id: z.uuid(), userId: z.uuid() });
