import { z } from 'zod';
import { listQuery, listResponse, sendList } from './listing/list.js';
import { withinScope } from './listing/scope.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import {
  filterText,
  hostFilter,
  instant,
  list,
  moment,
  outcome,
  sha256,
  target,
  survey,
  tlsFacts,
} from './shapes.js';

const observation = z
  .object({
    endpointKey: z.string(),
    observedAt: instant,
    scanId: z.string(),
    target,
    outcome,
    detail: z.string().nullable(),
    tls: tlsFacts.nullable(),
    certificateSha256: z.string().nullable(),
    chain: list(z.string()).describe('Everything served, SHA-256, leaf first.'),
    survey: survey.nullable().describe('What the survey learned that came with this probe.'),
    durationMs: z.number(),
  })
  .meta({ id: 'Observation' });

const query = listQuery.extend({
  ...hostFilter,
  endpointKey: filterText.optional(),
  scanId: filterText.optional(),
  outcome: outcome.optional(),
  certificateSha256: sha256.optional(),
  from: moment.optional(),
  to: moment.optional(),
});

/** Probes of endpoints, as they were made. */
export function observationRoutes(app: Api, { reader }: ApiParts): void {
  app.get(
    '/api/v1/observations',
    route({
      id: 'listObservations',
      summary: 'Probes of endpoints, latest first within an endpoint',
      access: 'reader',
      scoped: true,
      schema: { tags: ['observations'], querystring: query, response: { 200: listResponse(observation) } },
    }),
    (request, reply) => {
      const { limit, cursor, fields, format, ...filters } = request.query;
      const filter = { ...filters, ...withinScope(request) };
      return sendList(
        request,
        reply,
        { limit, cursor, fields, format },
        { item: observation, name: 'observations', page: (page) => reader.listObservations(filter, page) },
      );
    },
  );
}
