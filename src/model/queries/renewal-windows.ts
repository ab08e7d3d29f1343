import { z } from 'zod';
import type { Query } from '../query.js';
import { count, instant, textOrNull } from '../query-values.js';

/** Renewal windows of certificates that are served. */
export const renewalWindows = {
  name: 'renewal-windows',
  description: 'Certificates served now that have a renewal window, by SHA-256.',
  parameters: z.strictObject({}),
  row: z.object({
    sha256: z.string(),
    since: instant,
    directory: z.string(),
    start: z.string(),
    end: z.string(),
    movedFrom: textOrNull,
    explanationUrl: textOrNull,
    subject: z.string(),
    issuer: z.string(),
    endpointCount: count,
    /** At most 50. */
    hosts: z.array(z.string()),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
