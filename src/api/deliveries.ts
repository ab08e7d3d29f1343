import { z } from 'zod';
import { Problem } from './problem.js';
import { problems, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { filterText, instant, list, page, pageQuery } from './shapes.js';

const states = ['pending', 'sent', 'failed'] as const;

const delivery = z
  .object({
    id: z.string(),
    channel: z.string(),
    items: list(z.object({ findingId: z.string(), revision: z.number().int() })).describe('What was told.'),
    state: z.enum(states),
    attempts: z.number().int(),
    createdAt: instant,
    nextAttemptAt: instant.nullable(),
    sentAt: instant.nullable(),
    lastDetail: z.string().nullable(),
  })
  .meta({ id: 'Delivery' });

const query = pageQuery.extend({
  id: filterText.optional(),
  channel: filterText.optional(),
  state: z.enum(states).optional(),
});

const params = z.strictObject({ id: filterText });
const tags = ['deliveries'];

/** The outbox: what was told to whom, and what could not be. */
export function deliveryRoutes(app: Api, { reader, actions }: ApiParts): void {
  app.get(
    '/api/v1/deliveries',
    {
      config: { access: 'reader' },
      schema: {
        tags,
        summary: 'What was told to alert channels, latest first',
        querystring: query,
        response: { 200: page(delivery), ...problems },
      },
    },
    ({ query: { limit, cursor, ...filter } }) => reader.listDeliveries(filter, { limit, cursor }),
  );
  app.post(
    '/api/v1/deliveries/:id/send-again',
    {
      config: { access: 'operator', audit: 'delivery.send-again' },
      schema: {
        tags,
        summary: 'Tell it again: for what failed for good, or was lost by its receiver',
        params,
        response: { 202: delivery, ...problems },
      },
    },
    async ({ params: { id }, actor }, reply) => {
      const again = await actions.sendAgain(id, actor.name);
      if (again === null) throw new Problem(404, 'there is no such delivery to a configured channel');
      return reply.code(202).send(again);
    },
  );
}
