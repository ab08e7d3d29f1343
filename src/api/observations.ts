import { z } from 'zod';
import { problems, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import {
  filterText,
  hostFilter,
  instant,
  list,
  moment,
  outcome,
  page,
  pageQuery,
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
    survey: survey.nullable().describe('What the survey learned that came with this look.'),
    durationMs: z.number(),
  })
  .meta({ id: 'Observation' });

const query = pageQuery.extend({
  ...hostFilter,
  endpointKey: filterText.optional(),
  scanId: filterText.optional(),
  outcome: outcome.optional(),
  certificateSha256: sha256.optional(),
  from: moment.optional(),
  to: moment.optional(),
});

/** Looks at endpoints, as they were made. */
export function observationRoutes(app: Api, { reader }: ApiParts): void {
  app.get(
    '/api/v1/observations',
    {
      config: { access: 'reader' },
      schema: {
        tags: ['observations'],
        summary: 'Looks at endpoints, latest first within an endpoint',
        querystring: query,
        response: { 200: page(observation), ...problems },
      },
    },
    ({ query: { limit, cursor, ...filter } }) => reader.listObservations(filter, { limit, cursor }),
  );
}
