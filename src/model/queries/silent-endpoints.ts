import { z } from 'zod';
import type { Query } from '../query.js';
import { count, instant, instantOrNull } from '../query-values.js';

/** Endpoints that do not answer, although they should. */
export const silentEndpoints = {
  name: 'silent-endpoints',
  description:
    'Endpoints probed since an instant that did not answer, and that once served a certificate or belong to a host that is expected to answer and does not do so elsewhere; by key.',
  parameters: z.strictObject({ since: z.date(), expected: z.array(z.string()) }),
  row: z.object({
    endpoint: z.string(),
    outcome: z.string(),
    detail: z.string(),
    /** Last observation with a certificate; null: there never was one. */
    lastOkAt: instantOrNull,
    lastObservedAt: instant,
    /** The first observation without an answer since then. */
    silentSince: instant,
    misses: count,
    /** Name of the scan that probed it last; empty: not known. */
    scan: z.string(),
    certificate: z.string(),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
