import { z } from 'zod';
import type { Query } from '../query.js';
import { count, instant, textOrNull } from '../query-values.js';

/** Certificates that are served, whose revocation status is one of some. */
export const statusesServed = {
  name: 'statuses-served',
  description: 'Certificates served now with one of these revocation statuses, by SHA-256.',
  parameters: z.strictObject({
    /** Outcomes of RevocationStatus. */
    outcomes: z.array(z.string()),
  }),
  row: z.object({
    sha256: z.string(),
    outcome: z.string(),
    since: instant,
    /** Empty text means absent in these. */
    reason: textOrNull,
    revokedAt: textOrNull,
    method: textOrNull,
    source: textOrNull,
    detail: textOrNull,
    subject: z.string(),
    issuer: z.string(),
    endpointCount: count,
    /** At most 50. */
    hosts: z.array(z.string()),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
