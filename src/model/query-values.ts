import { z } from 'zod';

/** A whole number of a row, which may arrive as text. */
export const count = z.coerce.number().int();

/** An instant of a row, which arrives as milliseconds since 1970 in text. */
export const instant = z.union([z.string(), z.number()]).transform((ms) => new Date(Number(ms)));

/** As {@link instant}; null stays. */
export const instantOrNull = z
  .union([z.string(), z.number()])
  .nullable()
  .transform((ms) => (ms === null ? null : new Date(Number(ms))));

/** A text of a row in which empty means absent. */
export const textOrNull = z.string().transform((text) => (text === '' ? null : text));
