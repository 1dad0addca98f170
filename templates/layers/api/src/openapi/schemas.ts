import { z, type ZodType } from 'zod';
import type { JsonSchema } from './model.ts';

const BY_ZOD = '#/$defs/';
const BY_NAME = '#/components/schemas/';

/** What becomes of a value on its way through JSON. */
export type Json<T> = T extends Date ? string : T extends object ? { readonly [Key in keyof T]: Json<T[Key]> } : T;

/** Gives a schema the name under which the document keeps it. */
export function named<Schema extends ZodType>(id: string, schema: Schema): Schema {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
  return schema;
}

export const listOf = (id: string, item: ZodType) => named(id, z.strictObject({ data: z.array(item) }));

export const pageOf = (id: string, item: ZodType) =>
  named(
    id,
    z.strictObject({
      data: z.array(item),
      page: z.strictObject({ nextCursor: z.string().nullable().meta({ description: 'The `cursor` of the next page; null on the last one.' }) }),
    }),
  );

/** What a client may send, or what it will get. */
export type Side = 'input' | 'output';

export class Schemas {
  readonly #known = new Map<string, JsonSchema>();

  /** Translates a schema; the named ones in it become references. */
  translate(schema: ZodType, io: Side): JsonSchema {
    const { $schema: _, $defs = {}, ...root } = z.toJSONSchema(schema, { io });
    for (const [name, definition] of Object.entries($defs)) this.#known.set(name, byName(definition));
    return byName(root);
  }

  named(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#known].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}

const byName = (schema: object): JsonSchema => JSON.parse(JSON.stringify(schema, rename)) as JsonSchema;

const rename = (key: string, value: unknown): unknown => (key === '$ref' ? String(value).replace(BY_ZOD, BY_NAME) : value);
