import { z } from 'zod';
import type { Query } from '../query.js';
import { count } from '../query-values.js';

/** Endpoints whose protocol versions and cipher suites were never probed for. */
export const neverSurveyed = {
  name: 'never-surveyed',
  description: 'How many endpoints serve a certificate and were never surveyed, with examples.',
  parameters: z.strictObject({
    /** Endpoints first seen later do not count yet. */
    firstSeenBefore: z.date(),
    /** Endpoints that last served a certificate earlier no longer count. */
    servedAfter: z.date(),
  }),
  row: z.object({
    endpoints: count,
    /** Keys, at most 20. */
    examples: z.array(z.string()),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
