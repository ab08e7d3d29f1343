import { z } from 'zod';
import { findingSorts } from '../store/console-reader.js';
import { deliveryShape } from './delivery-shapes.js';
import { findingActRoutes, visibleFinding } from './finding-acts.js';
import { finding, findingFilters, findingGroup, findingId, storeFilter } from './finding-shapes.js';
import { listQuery, listResponse, sendList, sortWord } from './listing/list.js';
import { findingsWithinScope } from './listing/scope.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { list } from './shapes.js';

const query = listQuery.extend({
  ...findingFilters,
  sort: sortWord(findingSorts),
  group: z
    .enum(['cause', 'host'])
    .optional()
    .describe('Groups instead of findings, worst first; `sort` does not count then.'),
});

const counts = z.record(z.string(), z.number().int());
const facets = z
  .object({
    state: counts,
    severity: counts,
    rule: counts,
    subjectKind: counts,
    owner: counts,
    environment: counts,
    assignee: counts,
  })
  .describe('Each counted as if it were not filtered itself; an empty key: without.')
  .meta({ id: 'FindingFacets' });

const params = z.strictObject({ id: findingId });
const detail = finding.extend({
  history: list(finding).describe('Every state it was in, oldest first.'),
  deliveries: list(deliveryShape).describe('Messages that held it, latest first.'),
  related: list(finding).describe('The same cause, or open on the same host; at most 50.'),
});
const tags = ['findings'];

/** Findings: what is wrong, since when, and what people said of it. */
export function findingRoutes(app: Api, parts: ApiParts): void {
  listRoutes(app, parts);
  app.get(
    '/api/v1/findings/:id',
    route({
      id: 'getFinding',
      summary: 'One finding with its history, deliveries and relatives',
      access: 'reader',
      scoped: true,
      schema: { tags, params, response: { 200: detail.meta({ id: 'FindingDetail' }) } },
    }),
    async (request) => {
      const { reader } = parts;
      const found = await visibleFinding(parts, request, request.params.id);
      const isLimited = request.actor.scope !== null;
      const [history, deliveries, related] = await Promise.all([
        reader.findingHistory(found.id),
        isLimited ? [] : reader.deliveriesOf(found.id),
        isLimited ? [] : reader.relatedFindings(found),
      ]);
      return { ...found, history, deliveries, related };
    },
  );
  findingActRoutes(app, parts);
}

function listRoutes(app: Api, { reader }: ApiParts): void {
  app.get(
    '/api/v1/findings',
    route({
      id: 'listFindings',
      summary: 'Findings, or groups of them',
      access: 'reader',
      scoped: true,
      schema: { tags, querystring: query, response: { 200: listResponse(z.union([finding, findingGroup])) } },
    }),
    (request, reply) => {
      const { limit, cursor, fields, format, sort, group, ...filters } = request.query;
      const filter = { ...storeFilter(filters), ...findingsWithinScope(request) };
      const asked = { limit, cursor, fields, format };
      if (group !== undefined)
        return sendList(request, reply, asked, {
          item: findingGroup,
          name: `findings-by-${group}`,
          page: (page) => reader.findingGroups(filter, group, page),
        });
      const isUsual = sort === undefined || (sort.by === 'openedAt' && sort.descending);
      return sendList(request, reply, asked, {
        item: finding,
        name: 'findings',
        page: (page) =>
          isUsual ? reader.listFindings(filter, page) : reader.sortedFindings(filter, sort, page),
        count: () => reader.countFindings(filter),
      });
    },
  );
  app.get(
    '/api/v1/findings/facets',
    route({
      id: 'getFindingFacets',
      summary: 'Counts of findings by state, severity, rule, owner, environment and assignee',
      access: 'reader',
      scoped: true,
      schema: { tags, querystring: z.strictObject(findingFilters), response: { 200: facets } },
    }),
    (request) => reader.findingFacets({ ...storeFilter(request.query), ...findingsWithinScope(request) }),
  );
}
