import { z } from 'zod';
import type { Query } from '../query.js';
import { count, instant, instantOrNull } from '../query-values.js';

const certificate = z.object({
  sha256: z.string(),
  subject: z.string(),
  issuer: z.string(),
  spkiSha256: z.string(),
  keyType: z.string(),
  keyBits: count.nullable(),
  notAfter: instantOrNull,
});

/** Endpoints that serve another certificate than before. */
export const endpointChanges = {
  name: 'endpoint-changes',
  description:
    'Endpoints that were first seen with their certificate since an instant and served another one before, by key.',
  parameters: z.strictObject({ since: z.date() }),
  row: z.object({ endpoint: z.string(), changedAt: instant, before: certificate, after: certificate }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** Endpoints that are new, or have stopped answering. */
export const endpointPresence = {
  name: 'endpoint-presence',
  description:
    'Endpoints seen for the first time since an instant, a day or more after the first of all, and endpoints that brought a certificate since another but do not answer any more; by key.',
  parameters: z.strictObject({
    since: z.date(),
    /** Endpoints that brought no certificate since then are left out. */
    lastOkSince: z.date(),
  }),
  row: z.object({
    endpoint: z.string(),
    isNew: z.boolean(),
    firstSeenAt: instant,
    lastOkAt: instant,
    lastObservedAt: instant,
    outcome: z.string(),
    certificate: z.string(),
    /** Observations without a certificate since the last one with. */
    misses: count,
    /** When, in order of time; at most the first 100. */
    missedAt: z.array(instant),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
