import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { listQuery, listResponse, sendList } from './listing/list.js';
import { refuseInvisible, withinScope } from './listing/scope.js';
import { Problem } from './problem.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { hostFilter, instant, list } from './shapes.js';

const name = z
  .object({
    name: z.string(),
    certificates: z.number().int().describe('How many certificates can answer for it.'),
    sha256: z.string().describe('The one that expires last.'),
    notAfter: instant.nullable(),
  })
  .meta({ id: 'Name' });

const count = z.number().int();
const figures = z
  .object({
    domain: z.string(),
    names: count.describe('Names of the domain and below it.'),
    certificates: count.describe('Issuances; a precertificate and its certificate are one.'),
    unexpired: count,
    everServed: count.describe('Those that an endpoint served once.'),
    servedNow: count,
    byMonth: list(z.object({ month: instant, served: count, neverServed: count })).describe(
      'By the month of notBefore, the last 120 months with any.',
    ),
    byIssuer: list(z.object({ issuer: z.string(), certificates: count })).describe('The largest 50.'),
  })
  .meta({ id: 'DomainFigures' });

const tags = ['names'];

/** Names, the certificates that can answer for them, and everything ever issued for a domain. */
export function nameRoutes(app: Api, { reader, now }: ApiParts): void {
  app.get(
    '/api/v1/names',
    route({
      id: 'listNames',
      summary: 'Names in certificates, by domain',
      access: 'reader',
      scoped: true,
      schema: { tags, querystring: listQuery.extend(hostFilter), response: { 200: listResponse(name) } },
    }),
    (request, reply) => {
      const { limit, cursor, fields, format, ...filters } = request.query;
      const filter = { ...filters, ...withinScope(request) };
      return sendList(
        request,
        reply,
        { limit, cursor, fields, format },
        {
          item: name,
          name: 'names',
          page: (page) => reader.listNames(filter, page),
          count: () => reader.countNames(filter),
        },
      );
    },
  );
  app.get(
    '/api/v1/names/:domain',
    route({
      id: 'getDomain',
      summary:
        'Everything ever issued for a domain and what is below it; the issuances are those of /certificates?hostSuffix=',
      access: 'reader',
      scoped: true,
      schema: {
        tags,
        params: z.strictObject({ domain: z.string().min(1).max(253) }),
        response: { 200: figures },
      },
    }),
    async (request) => {
      const domain = domainToASCII(request.params.domain.replace(/\.$/, ''));
      if (domain === '') throw new Problem(400, 'this is no domain');
      refuseInvisible(request, [domain], 'name under this domain');
      return { domain, ...(await reader.domainFigures(domain, now())) };
    },
  );
}
