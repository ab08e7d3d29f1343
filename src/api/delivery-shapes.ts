import { z } from 'zod';
import { instant, list } from './shapes.js';

/** States of a delivery. */
export const deliveryStates = ['pending', 'sent', 'failed', 'held', 'skipped'] as const;

/** One entry of the outbox. */
export const deliveryShape = z
  .object({
    id: z.string(),
    channel: z.string(),
    items: list(z.object({ findingId: z.string(), revision: z.number().int() })).describe(
      'What was sent. Revision 0: an event of the inventory, whose id stands in `findingId`. Empty: a test or a summary.',
    ),
    state: z
      .enum(deliveryStates)
      .describe(
        '`held` waits for a digest, quiet hours, an escalation or a reminder; `skipped` was not wanted by the channel and is listed only when asked for.',
      ),
    attempts: z.number().int(),
    createdAt: instant,
    nextAttemptAt: instant.nullable(),
    sentAt: instant.nullable(),
    lastDetail: z.string().nullable(),
  })
  .meta({ id: 'Delivery' });
