import { z } from 'zod';
import type { Query } from '../query.js';
import { count } from '../query-values.js';

/** Keys in use that were seen in more than one certificate. */
export const keysServed = {
  name: 'keys-served',
  description:
    'Keys that endpoints serve now and that were ever served in more than one certificate, most hosts first.',
  parameters: z.strictObject({}),
  row: z.object({
    spkiSha256: z.string(),
    certificateCount: count,
    hostCount: count,
    /** At most 50 of the hosts that ever served it. */
    hosts: z.array(z.string()),
    /** SHA-256, at most 20. */
    certificates: z.array(z.string()),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
