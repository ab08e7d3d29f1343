import { z } from 'zod';
import { instant, list } from './shapes.js';

/** States of a delivery. */
export const deliveryStates = ['pending', 'sent', 'failed'] as const;

/** One entry of the outbox. */
export const deliveryShape = z
  .object({
    id: z.string(),
    channel: z.string(),
    items: list(z.object({ findingId: z.string(), revision: z.number().int() })).describe('What was sent.'),
    state: z.enum(deliveryStates),
    attempts: z.number().int(),
    createdAt: instant,
    nextAttemptAt: instant.nullable(),
    sentAt: instant.nullable(),
    lastDetail: z.string().nullable(),
  })
  .meta({ id: 'Delivery' });
