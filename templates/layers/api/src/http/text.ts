import { z } from 'zod';

// PostgreSQL stores every character but NUL. The patterns say so in the schemas, hence in /openapi.json.
/* oxlint-disable no-control-regex */
const STORABLE = /^[^\u0000]*$/;
const NOT_BLANK = /^[^\u0000]*[^\s\u0000][^\u0000]*$/;
/* oxlint-enable no-control-regex */

/** Text of at most `max` characters, which may be none. */
export const text = (max: number) => limited(z.string().regex(STORABLE, 'must not hold the character NUL'), max).meta({ maxLength: max });

/** As `text`, with something to read in it; space around it is dropped. */
export const label = (max: number) => limited(z.string().regex(NOT_BLANK, 'must not be blank'), max).trim().meta({ maxLength: max });

// Counted as JSON Schema and PostgreSQL count, by code points: an emoji is one character, not two.
const limited = (schema: z.ZodString, max: number) =>
  schema.refine((value) => value.length <= max || [...value].length <= max, `must have at most ${max} characters`);
