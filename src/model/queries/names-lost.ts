import { z } from 'zod';
import type { Query } from '../query.js';
import { count, instant } from '../query-values.js';

/** Names in unexpired certificates that lead nowhere. */
export const namesLost = {
  name: 'names-lost',
  description: 'Names of unexpired certificates that do not resolve to an address, by name.',
  parameters: z.strictObject({
    now: z.date(),
    /** Answers older than this do not count. */
    checkedAfter: z.date(),
  }),
  row: z.object({
    name: z.string(),
    outcome: z.string(),
    since: instant,
    /** Targets of CNAME records. */
    aliases: z.array(z.string()),
    certificateCount: count,
    /** SHA-256, at most 20. */
    certificates: z.array(z.string()),
    lastNotAfter: instant,
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
