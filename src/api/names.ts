import { z } from 'zod';
import { problems, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { hostFilter, instant, page, pageQuery } from './shapes.js';

const name = z
  .object({
    name: z.string(),
    certificates: z.number().int().describe('How many certificates can answer for it.'),
    sha256: z.string().describe('The one that expires last.'),
    notAfter: instant.nullable(),
  })
  .meta({ id: 'Name' });

/** Names, and the certificates that can answer for them. */
export function nameRoutes(app: Api, { reader }: ApiParts): void {
  app.get(
    '/api/v1/names',
    {
      config: { access: 'reader' },
      schema: {
        tags: ['names'],
        summary: 'Names in certificates, by domain',
        querystring: pageQuery.extend(hostFilter),
        response: { 200: page(name), ...problems },
      },
    },
    ({ query: { limit, cursor, ...filter } }) => reader.listNames(filter, { limit, cursor }),
  );
}
