import { z } from 'zod';
import type { Query } from '../query.js';
import { count, instant, textOrNull } from '../query-values.js';

/** Certificates in use that were renewed without being replaced everywhere, or whose renewal is due. */
export const renewals = {
  name: 'renewals',
  description:
    'Served, unexpired certificates that have a successor (a newer certificate of the same kind of key for the same or more names, of an issuer that is in use or approved), or that are past two thirds of their lifetime, with who serves what; those that end first at the front.',
  parameters: z.strictObject({
    now: z.date(),
    /** Endpoints that were missed so often in a row, over so long a time, serve nothing. */
    goneAfterMisses: count,
    goneAfterMs: count,
    /** Lower-case texts in the names of issuers whose certificates can be successors although none is in use. */
    approvedIssuers: z.array(z.string()),
  }),
  row: z.object({
    tbsSha256: z.string(),
    sha256: z.string(),
    subject: z.string(),
    issuer: z.string(),
    names: z.array(z.string()),
    notBefore: instant,
    notAfter: instant,
    /** It is logged or in an inventory: then its successor would be, too. */
    isTracked: z.boolean(),
    /** Keys of endpoints that serve it, at most 50, and how many there are. */
    endpoints: z.array(z.string()),
    endpointCount: count,
    /** The newest successor; null when there is none. */
    successorTbsSha256: textOrNull,
    successorSha256: textOrNull,
    successorIssuer: textOrNull,
    successorNotBefore: instant,
    successorNotAfter: instant,
    /** When the store first saw it. */
    successorSeenAt: instant,
    successorEndpointCount: count,
    /** Of the endpoints that serve the successor, at most 50. */
    successorEndpoints: z.array(z.string()),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
