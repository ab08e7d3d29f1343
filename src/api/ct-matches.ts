import { z } from 'zod';
import { listQuery, listResponse, sendList } from './listing/list.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { filterText, instant, list, moment } from './shapes.js';

const watches = [
  'domain',
  'exact-name',
  'organization',
  'issuer',
  'spki',
  'ip-address',
  'look-alike',
  'unreadable',
] as const;

const match = z
  .object({
    logId: z.string(),
    log: z.string().nullable(),
    leafIndex: z.number().int(),
    timestamp: instant.describe("The log's own."),
    seenAt: instant,
    entryType: z.enum(['x509', 'precertificate', 'unknown']),
    sha256: z.string(),
    verified: z.boolean().describe('Proved against a signed root; false for hints of a feed.'),
    matches: list(
      z.object({ watch: z.string(), item: z.string(), value: z.string(), reason: z.string().nullable() }),
    ).describe('Which watched items it matched, and how.'),
    subject: z.string().nullable(),
    issuer: z.string().nullable(),
    notAfter: instant.nullable(),
    names: list(z.string()).describe('At most 100.'),
  })
  .meta({ id: 'CtMatch' });

const query = listQuery.extend({
  logId: filterText.optional(),
  watch: z.enum(watches).optional().describe('look-alike: names that resemble a watched domain.'),
  item: filterText.optional().describe('The watched item as configured.'),
  q: filterText.optional().describe('Part of an item or a matched name, or a SHA-256.'),
  from: moment.optional(),
  to: moment.optional(),
});

/** Log entries that matched something watched: names, and look-alikes of them. */
export function ctMatchRoutes(app: Api, { reader }: ApiParts): void {
  app.get(
    '/api/v1/ct/matches',
    route({
      id: 'listCtMatches',
      summary: 'Log entries that matched a watched name, key, issuer or address, or look alike; latest first',
      access: 'reader',
      schema: { tags: ['ct'], querystring: query, response: { 200: listResponse(match) } },
    }),
    (request, reply) => {
      const { limit, cursor, fields, format, ...filter } = request.query;
      return sendList(
        request,
        reply,
        { limit, cursor, fields, format },
        {
          item: match,
          name: 'ct-matches',
          page: (page) => reader.listCtMatches(filter, page),
          count: () => reader.countCtMatches(filter),
        },
      );
    },
  );
}
