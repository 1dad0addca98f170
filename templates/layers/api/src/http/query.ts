import { z } from 'zod';

/** What every list takes. Query values are text, so a number is text made of digits. */
export const listing = Object.freeze({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .optional()
    .meta({ description: 'How many items a page has; 20 where nothing is said.' }),
  cursor: z
    .string()
    .regex(/^[\w-]{1,2000}$/, 'is no cursor')
    .optional()
    .meta({ description: 'The `nextCursor` of the page before, of a list in the same order.' }),
});

// What PostgreSQL can hold and every client can read: years of four digits, offsets below 16 hours.
const COMMON = /^[1-8].{1,38}(?:Z|[+-](?:0\d|1[0-5]):\d\d)$/;

/** A moment with its time zone; the database keeps milliseconds. */
export const moment = z.iso
  .datetime({ offset: true, abort: true })
  .regex(COMMON, 'must be in the years 1000 to 8999, with an offset of less than 16 hours')
  .meta({ format: 'date-time' });
