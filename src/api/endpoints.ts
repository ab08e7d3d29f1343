import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { EndpointState } from '../model/endpoint-state.js';
import { relatedCertificate, servedSpan } from './certificate-shapes.js';
import { listQuery, listResponse, sendList } from './listing/list.js';
import { refuseInvisible, withinScope } from './listing/scope.js';
import { Problem } from './problem.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { endpoint, filterText, hostFilter, list, outcome, sha256 } from './shapes.js';

const query = listQuery.extend({
  ...hostFilter,
  key: filterText.optional(),
  address: z.union([z.ipv4(), z.ipv6()]).optional(),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  outcome: outcome.optional().describe('Of the last probe.'),
  certificateSha256: sha256.optional().describe('The leaf served at the last probe that brought one.'),
});

const row = endpoint
  .extend({
    leaf: relatedCertificate
      .pick({ subject: true, issuer: true, notBefore: true, notAfter: true, names: true })
      .nullable()
      .describe('What it served last.'),
    worstFinding: z
      .object({ id: z.string(), rule: z.string(), severity: z.string() })
      .nullable()
      .describe('The worst finding about the endpoint that is not resolved.'),
  })
  .meta({ id: 'ListedEndpoint' });

const detail = endpoint
  .extend({
    spans: list(servedSpan).describe('What it served when, latest first.'),
    certificates: list(relatedCertificate),
  })
  .meta({ id: 'EndpointDetail' });

const params = z.strictObject({ key: z.string().min(1).max(1_000) });
const tags = ['endpoints'];

/** Endpoints as they are now, and what each served when. */
export function endpointRoutes(app: Api, parts: ApiParts): void {
  const { reader } = parts;
  app.get(
    '/api/v1/endpoints',
    route({
      id: 'listEndpoints',
      summary: 'Endpoints as they are now, by domain',
      access: 'reader',
      scoped: true,
      schema: { tags, querystring: query, response: { 200: listResponse(row) } },
    }),
    (request, reply) => {
      const { limit, cursor, fields, format, ...filters } = request.query;
      const filter = { ...filters, ...withinScope(request) };
      return sendList(
        request,
        reply,
        { limit, cursor, fields, format },
        {
          item: row,
          name: 'endpoints',
          async page(page) {
            const { items, nextCursor } = await reader.listEndpoints(filter, page);
            const facts = await reader.endpointFacts(items);
            return { items: items.map((item) => ({ ...item, ...facts(item) })), nextCursor };
          },
          count: () => reader.countEndpoints(filter),
        },
      );
    },
  );
  app.get(
    '/api/v1/endpoints/outcomes',
    route({
      id: 'getEndpointOutcomes',
      summary: 'How many endpoints ended their last probe how',
      access: 'reader',
      schema: {
        tags,
        response: {
          200: z
            .object({ outcomes: z.record(z.string(), z.number().int()) })
            .meta({ id: 'EndpointOutcomes' }),
        },
      },
    }),
    async () => ({ outcomes: await reader.endpointOutcomes() }),
  );
  detailRoutes(app, parts);
}

function detailRoutes(app: Api, parts: ApiParts): void {
  const { reader } = parts;
  app.get(
    '/api/v1/endpoints/:key',
    route({
      id: 'getEndpoint',
      summary: 'One endpoint and what it served when; the key is host|address|port|serverName|starttls',
      access: 'reader',
      scoped: true,
      schema: { tags, params, response: { 200: detail } },
    }),
    async (request) => {
      const found = await visibleEndpoint(parts, request, request.params.key);
      const spans = await reader.endpointSpans(found.key);
      const certificates = await reader.certificatesByHash(
        [...new Set(spans.map((span) => span.sha256))].slice(0, 200),
      );
      return { ...found, spans, certificates };
    },
  );
  app.get(
    '/api/v1/endpoints/:key/history',
    route({
      id: 'getEndpointHistory',
      summary: 'What an endpoint served when, latest first',
      access: 'reader',
      scoped: true,
      schema: {
        tags,
        params,
        response: { 200: z.object({ items: list(servedSpan) }).meta({ id: 'EndpointHistory' }) },
      },
    }),
    async (request) => {
      const found = await visibleEndpoint(parts, request, request.params.key);
      return { items: await reader.endpointSpans(found.key) };
    },
  );
}

async function visibleEndpoint(
  { reader }: ApiParts,
  request: FastifyRequest,
  key: string,
): Promise<EndpointState> {
  const [found] = await reader.endpointsByKey([key]);
  if (found === undefined) throw new Problem(404, 'there is no endpoint with this key');
  refuseInvisible(request, [found.target.host], 'endpoint with this key');
  return found;
}
