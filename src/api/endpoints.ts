import { z } from 'zod';
import { problems, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { endpoint, filterText, hostFilter, outcome, page, pageQuery, sha256 } from './shapes.js';

const query = pageQuery.extend({
  ...hostFilter,
  key: filterText.optional(),
  address: z.union([z.ipv4(), z.ipv6()]).optional(),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  outcome: outcome.optional().describe('Of the last look.'),
  certificateSha256: sha256.optional().describe('The leaf served at the last look that brought one.'),
});

/** Endpoints as they are now. */
export function endpointRoutes(app: Api, { reader }: ApiParts): void {
  app.get(
    '/api/v1/endpoints',
    {
      config: { access: 'reader' },
      schema: {
        tags: ['endpoints'],
        summary: 'Endpoints as they are now, by domain',
        querystring: query,
        response: { 200: page(endpoint), ...problems },
      },
    },
    ({ query: { limit, cursor, ...filter } }) => reader.listEndpoints(filter, { limit, cursor }),
  );
}
