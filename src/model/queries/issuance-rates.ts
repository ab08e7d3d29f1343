import { z } from 'zod';
import type { Query } from '../query.js';
import { count, instant } from '../query-values.js';

/** How many certificates owned domains get. */
export const issuanceRates = {
  name: 'issuance-rates',
  description:
    'Owned domains with the issuances logged on the last day and in the thirty days before, by name.',
  parameters: z.strictObject({ ownedDomains: z.array(z.string()), now: z.date() }),
  row: z.object({
    domain: z.string(),
    lastDay: count,
    /** In the thirty days before that. */
    before: count,
    /** The earliest of them; the rate is known since then. */
    firstAt: instant,
    issuers: z.array(z.string()),
    /** Names of the last day, at most 20. */
    names: z.array(z.string()),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
