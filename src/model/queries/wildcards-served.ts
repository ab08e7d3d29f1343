import { z } from 'zod';
import type { Query } from '../query.js';
import { count } from '../query-values.js';

/** Keys of wildcard certificates, and who serves them. */
export const wildcardsServed = {
  name: 'wildcards-served',
  description: 'Keys of wildcard certificates that endpoints serve now, with their hosts, most hosts first.',
  parameters: z.strictObject({}),
  row: z.object({
    spkiSha256: z.string(),
    /** SHA-256 of one of its certificates. */
    sha256: z.string(),
    names: z.array(z.string()),
    issuer: z.string(),
    endpointCount: count,
    hostCount: count,
    addressCount: count,
    /** At most 200. */
    hosts: z.array(z.string()),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
