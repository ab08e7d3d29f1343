import { z } from 'zod';
import type { Query } from '../query.js';
import { count, instant, instantOrNull } from '../query-values.js';

/** Certificates logged for owned domains that nothing the operator runs or manages accounts for. */
export const unexplainedIssuances = {
  name: 'unexplained-issuances',
  description:
    'Unexpired issuances logged for owned domains before an instant, whose key no endpoint ever served and no inventory holds, oldest first.',
  parameters: z.strictObject({
    ownedDomains: z.array(z.string()),
    now: z.date(),
    loggedBefore: z.date(),
  }),
  row: z.object({
    tbsSha256: z.string(),
    sha256: z.string(),
    subject: z.string(),
    issuer: z.string(),
    serialNumber: z.string(),
    spkiSha256: z.string(),
    names: z.array(z.string()),
    notBefore: instantOrNull,
    notAfter: instantOrNull,
    /** The earliest timestamp of a log. */
    loggedAt: instant,
    logEntries: count,
    /** An endpoint serves, or an inventory holds, a certificate of the same issuer. */
    isIssuerKnown: z.boolean(),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** What accounts for issuances. */
export const issuanceExplanations = {
  name: 'issuance-explanations',
  description:
    'For each of these issuances what accounts for it: an endpoint, or an inventory item; by issuance.',
  parameters: z.strictObject({ keys: z.array(z.string()) }),
  row: z.object({
    tbsSha256: z.string(),
    notAfter: instantOrNull,
    /** Key of an endpoint that served this very issuance; empty: none. */
    servedBy: z.string(),
    /** Key of an endpoint that served its key; empty: none. */
    keyServedBy: z.string(),
    keyServedAt: instant,
    /** `source: reference` of an inventory item; empty: none. */
    inventoryItem: z.string(),
    isRevoked: z.boolean(),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
