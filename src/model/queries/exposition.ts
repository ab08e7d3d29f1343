import { z } from 'zod';
import type { Query } from '../query.js';
import { count, instant } from '../query-values.js';

/** When what each endpoint serves expires. */
export const endpointExpiries = {
  name: 'endpoint-expiries',
  description: 'Endpoints with the end of the certificate they served last, by key; at most `limit`.',
  parameters: z.strictObject({ limit: z.int() }),
  row: z.object({ endpoint: z.string(), notAfter: instant }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** How many deliveries are in which state. */
export const deliveryCounts = {
  name: 'delivery-counts',
  description: 'Deliveries by channel and state.',
  parameters: z.strictObject({}),
  row: z.object({ channel: z.string(), state: z.string(), deliveries: count }),
} satisfies Query<z.ZodObject, z.ZodObject>;
