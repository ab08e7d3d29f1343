import { z } from 'zod';
import { listQuery, listResponse, sendList, sendSlice } from './listing/list.js';
import { Problem } from './problem.js';
import { problem, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { filterText, instant, inventoryItem, list, sha256 } from './shapes.js';

const run = z
  .object({
    source: z.string(),
    startedAt: instant,
    finishedAt: instant,
    complete: z.boolean().describe('Only a complete run replaces what an earlier one said.'),
    items: z.number().int(),
    errors: list(z.string()).describe('One sentence for each thing that could not be read.'),
    notes: list(z.string()).describe('What was passed over on purpose, a sentence each.'),
  })
  .meta({ id: 'InventoryRun' });

const source = z
  .object({
    source: z.string(),
    configured: z.boolean().describe('false: it is no longer configured, or was pushed.'),
    running: z.boolean(),
    lastRun: run.nullable(),
    lastCompleteAt: instant.nullable(),
    stale: z.boolean().describe('The last complete run is older than the policy allows: `shadow` is paused.'),
    items: z.number().int().describe('Of the last complete run.'),
  })
  .meta({ id: 'InventorySource' });

const query = listQuery.extend({
  source: filterText.optional(),
  sha256: sha256.optional(),
  spkiSha256: sha256.optional(),
  owner: filterText.optional(),
});
const params = z.strictObject({ source: z.string().min(1).max(256) });
const tags = ['inventory'];

/** What the operator believes to own, and how reading it went. */
export function inventoryRoutes(app: Api, parts: ApiParts): void {
  const { reader } = parts;
  app.get(
    '/api/v1/inventory',
    route({
      id: 'listInventory',
      summary: 'What the last complete run of each source said',
      access: 'reader',
      schema: { tags, querystring: query, response: { 200: listResponse(inventoryItem) } },
    }),
    (request, reply) => {
      const { limit, cursor, fields, format, ...filter } = request.query;
      return sendList(
        request,
        reply,
        { limit, cursor, fields, format },
        { item: inventoryItem, name: 'inventory', page: (page) => reader.listInventory(filter, page) },
      );
    },
  );
  app.get(
    '/api/v1/inventory/runs',
    route({
      id: 'listInventoryRuns',
      summary: 'The last run of each source, complete or not',
      access: 'reader',
      schema: { tags, querystring: listQuery, response: { 200: listResponse(run) } },
    }),
    async (request, reply) =>
      sendSlice(request, reply, request.query, {
        item: run,
        name: 'inventory-runs',
        items: await reader.listInventoryRuns(),
      }),
  );
  sourceRoutes(app, parts);
}

function sourceRoutes(app: Api, { reader, inventory, now }: ApiParts): void {
  app.get(
    '/api/v1/inventory/sources',
    route({
      id: 'listInventorySources',
      summary: 'Sources: what each holds, when it was read last, and why not since',
      access: 'reader',
      schema: { tags, querystring: listQuery, response: { 200: listResponse(source) } },
    }),
    async (request, reply) => {
      const known = new Map((await reader.listInventorySources()).map((one) => [one.source, one]));
      const configured = inventory.sources();
      const oldest = now().getTime() - inventory.maxAgeHours() * 3_600_000;
      const items = [...new Set([...configured, ...known.keys()])].sort().map((name) => {
        const { lastRun = null, lastCompleteAt = null, items: count = 0 } = known.get(name) ?? {};
        return {
          source: name,
          configured: configured.includes(name),
          running: inventory.isRunning(name),
          lastRun,
          lastCompleteAt,
          stale: lastCompleteAt === null || lastCompleteAt.getTime() < oldest,
          items: count,
        };
      });
      return sendSlice(request, reply, request.query, { item: source, name: 'inventory-sources', items });
    },
  );
  app.post(
    '/api/v1/inventory/sources/:source/read',
    route({
      id: 'readInventorySource',
      summary: 'Read a source now; a read that is under way goes on',
      access: 'operator',
      audit: 'inventory.read',
      schema: {
        tags,
        params,
        response: { 202: z.object({ source: z.string() }), 409: problem('The service is stopping.') },
      },
    }),
    async ({ params: { source: name } }, reply) => {
      if (!inventory.sources().includes(name))
        throw new Problem(404, 'there is no configured source of this name');
      if (!inventory.read(name)) throw new Problem(409, 'the service is stopping');
      return reply.code(202).send({ source: name });
    },
  );
}
