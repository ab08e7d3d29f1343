import { z } from 'zod';
import type { Query } from '../query.js';
import { instant, instantOrNull } from '../query-values.js';

/** Certificates logged lately for owned domains. */
export const issuancesLogged = {
  name: 'issuances-logged',
  description: 'Issuances for owned domains whose first log entry is dated since an instant, latest first.',
  parameters: z.strictObject({ ownedDomains: z.array(z.string()), since: z.date() }),
  row: z.object({
    tbsSha256: z.string(),
    sha256: z.string(),
    subject: z.string(),
    issuer: z.string(),
    serialNumber: z.string(),
    names: z.array(z.string()),
    notAfter: instantOrNull,
    /** The earliest timestamp of a log. */
    loggedAt: instant,
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
