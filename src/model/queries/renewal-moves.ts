import { z } from 'zod';
import type { Query } from '../query.js';
import { count, instant, textOrNull } from '../query-values.js';

/** CAs that moved renewal windows to an earlier time. */
export const renewalMoves = {
  name: 'renewal-moves',
  description: 'Renewal windows that moved forward after `since`, by CA.',
  parameters: z.strictObject({
    since: z.date(),
    now: z.date(),
  }),
  row: z.object({
    directory: z.string(),
    movedCount: count,
    /** Of these, windows that have begun. */
    begunCount: count,
    earliestStart: instant,
    explanationUrl: textOrNull,
    /** SHA-256, at most 50. */
    certificates: z.array(z.string()),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
