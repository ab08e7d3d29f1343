import { z } from 'zod';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { list } from './shapes.js';

const hit = z
  .object({
    kind: z.enum(['name', 'certificate', 'endpoint', 'finding']),
    key: z.string().describe('The name, the SHA-256, the key of the endpoint, the id of the finding.'),
    title: z.string(),
    subtitle: z.string(),
  })
  .meta({ id: 'SearchHit' });

/** Finds anything: for the palette. */
export function searchRoutes(app: Api, { reader }: ApiParts): void {
  app.get(
    '/api/v1/search',
    route({
      id: 'search',
      summary: 'Names, certificates, endpoints and findings that belong to a word, at most 8 of each',
      access: 'reader',
      scoped: true,
      schema: {
        tags: ['search'],
        querystring: z.strictObject({
          q: z
            .string()
            .min(2)
            .max(256)
            .describe('Part of a name, host or title; a hash or serial number; an address.'),
        }),
        response: { 200: z.object({ items: list(hit) }).meta({ id: 'SearchResult' }) },
      },
    }),
    async ({ query, actor }) => ({ items: await reader.search(query.q, actor.scope?.domains ?? null) }),
  );
}
