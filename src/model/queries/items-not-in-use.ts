import { z } from 'zod';
import type { Query } from '../query.js';
import { count, instant, textOrNull } from '../query-values.js';

/** What inventories hold and no endpoint serves. */
export const itemsNotInUse = {
  name: 'items-not-in-use',
  description:
    'Items of the inventories that were in them before an instant and whose certificate no endpoint has served since then, provided that some endpoint answers; by source and reference.',
  parameters: z.strictObject({ now: z.date(), since: z.date() }),
  row: z.object({
    source: z.string(),
    reference: z.string(),
    sha256: textOrNull,
    subject: z.string(),
    names: z.array(z.string()),
    inUseBy: z.array(z.string()),
    owner: textOrNull,
    environment: textOrNull,
    tags: z.array(z.string()),
    heldSince: instant,
    /** Endpoints that answer for one of its names, with another certificate. */
    endpointCount: count,
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
