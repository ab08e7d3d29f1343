import { z } from 'zod';
import { deliveryShape, deliveryStates } from './delivery-shapes.js';
import { listQuery, listResponse, sendList } from './listing/list.js';
import { Problem } from './problem.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { filterText, list } from './shapes.js';

const filters = {
  id: filterText.optional(),
  channel: filterText.optional(),
  state: z.enum(deliveryStates).optional(),
};
const params = z.strictObject({ id: filterText });
const tags = ['deliveries'];
/** Deliveries that one request sends again at most. */
const mostAtOnce = 1_000;

const bulk = z
  .strictObject({
    ids: z.array(filterText).min(1).max(mostAtOnce).optional(),
    filter: z.strictObject(filters).optional(),
  })
  .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), {
    message: 'give either ids or a filter',
  });

/** The outbox: which alerts went to which channel, and which could not be delivered. */
export function deliveryRoutes(app: Api, parts: ApiParts): void {
  const { reader, actions } = parts;
  app.get(
    '/api/v1/deliveries',
    route({
      id: 'listDeliveries',
      summary: 'What was sent to alert channels, latest first',
      access: 'reader',
      schema: {
        tags,
        querystring: listQuery.extend(filters),
        response: { 200: listResponse(deliveryShape) },
      },
    }),
    (request, reply) => {
      const { limit, cursor, fields, format, ...filter } = request.query;
      return sendList(
        request,
        reply,
        { limit, cursor, fields, format },
        {
          item: deliveryShape,
          name: 'deliveries',
          page: (page) => reader.listDeliveries(filter, page),
          count: () => reader.countDeliveries(filter),
        },
      );
    },
  );
  app.post(
    '/api/v1/deliveries/:id/send-again',
    route({
      id: 'sendDeliveryAgain',
      summary: 'Send it again: for what failed for good, or was lost by its receiver',
      access: 'operator',
      audit: 'delivery.send-again',
      schema: { tags, params, response: { 202: deliveryShape } },
    }),
    async ({ params: { id }, actor }, reply) => {
      const again = await actions.sendAgain(id, actor.name);
      if (again === null) throw new Problem(404, 'there is no such delivery to a configured channel');
      return reply.code(202).send(again);
    },
  );
  bulkRoute(app, parts);
}

function bulkRoute(app: Api, { reader, actions }: ApiParts): void {
  app.post(
    '/api/v1/deliveries/send-again',
    route({
      id: 'sendDeliveriesAgain',
      summary: `Send many again, by ids or by filter, at most ${mostAtOnce}`,
      access: 'operator',
      audit: 'delivery.send-again',
      schema: {
        tags,
        body: bulk,
        response: { 202: z.object({ sent: z.number().int(), missing: list(z.string()) }) },
      },
    }),
    async (request, reply) => {
      const { ids, filter } = request.body;
      const page = { limit: mostAtOnce, cursor: null };
      const wanted = ids ?? (await reader.listDeliveries(filter ?? {}, page)).items.map(({ id }) => id);
      const missing: string[] = [];
      for (const id of wanted)
        if ((await actions.sendAgain(id, request.actor.name)) === null) missing.push(id);
      const sent = wanted.length - missing.length;
      request.auditDetails = { filter, ids: ids?.slice(0, 100), sent };
      return reply.code(202).send({ sent, missing });
    },
  );
}
