import { z } from 'zod';
import type { Query } from '../query.js';
import { instant, textOrNull } from '../query-values.js';

/** Managed certificates whose system says that renewal fails. */
export const failingRenewals = {
  name: 'failing-renewals',
  description:
    'Items of the latest complete inventory runs whose renewal fails, as their systems say, the longest failing first.',
  parameters: z.strictObject({}),
  row: z.object({
    source: z.string(),
    reference: z.string(),
    /** Empty: not known. */
    sha256: z.string(),
    names: z.array(z.string()),
    inUseBy: z.array(z.string()),
    status: z.string(),
    owner: z.string().nullable(),
    environment: textOrNull,
    tags: z.array(z.string()),
    failedAt: instant,
    /** JSON of InventoryRenewal. */
    renewal: z.string(),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
