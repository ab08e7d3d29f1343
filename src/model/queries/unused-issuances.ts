import { z } from 'zod';
import type { Query } from '../query.js';
import { instant } from '../query-values.js';

/** Certificates that were issued and are not used, although their key is ours. */
export const unusedIssuances = {
  name: 'unused-issuances',
  description:
    'Unexpired, unrevoked issuances logged for owned domains before an instant that no endpoint ever served and no inventory held, although an endpoint or an inventory has their key; oldest first.',
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
    notAfter: instant,
    /** The earliest timestamp of a log. */
    loggedAt: instant,
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
