import { z } from 'zod';
import type { Query } from '../query.js';
import { count, textOrNull } from '../query-values.js';

/** Hosts that serve certificates, for what they belong to. */
export const hostsServed = {
  name: 'hosts-served',
  description:
    'Hosts that serve a certificate now, with an address, an issuer and the owner by inventory; by host.',
  parameters: z.strictObject({
    /** false: no rows. */
    isWanted: z.boolean(),
  }),
  row: z.object({
    host: z.string(),
    address: textOrNull,
    sha256: z.string(),
    issuer: z.string(),
    endpointCount: count,
    /** As the inventories say of a certificate that it serves. */
    owner: textOrNull,
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
