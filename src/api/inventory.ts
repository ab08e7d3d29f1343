import { z } from 'zod';
import { problems, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { filterText, instant, inventoryItem, list, page, pageQuery, sha256 } from './shapes.js';

const run = z
  .object({
    source: z.string(),
    startedAt: instant,
    finishedAt: instant,
    complete: z.boolean().describe('Only a complete run replaces what an earlier one said.'),
    items: z.number().int(),
    errors: list(z.string()).describe('One sentence for each thing that could not be read.'),
    notes: list(z.string()).describe('One sentence for each thing that was passed over on purpose.'),
  })
  .meta({ id: 'InventoryRun' });

const query = pageQuery.extend({
  source: filterText.optional(),
  sha256: sha256.optional(),
  spkiSha256: sha256.optional(),
  owner: filterText.optional(),
});
const tags = ['inventory'];

/** What the operator believes to own, and how reading it went. */
export function inventoryRoutes(app: Api, { reader }: ApiParts): void {
  app.get(
    '/api/v1/inventory',
    {
      config: { access: 'reader' },
      schema: {
        tags,
        summary: 'What the last complete run of each source said',
        querystring: query,
        response: { 200: page(inventoryItem), ...problems },
      },
    },
    ({ query: { limit, cursor, ...filter } }) => reader.listInventory(filter, { limit, cursor }),
  );
  app.get(
    '/api/v1/inventory/runs',
    {
      config: { access: 'reader' },
      schema: {
        tags,
        summary: 'The last run of each source, complete or not',
        querystring: z.strictObject({}),
        response: { 200: page(run), ...problems },
      },
    },
    async () => ({ items: await reader.listInventoryRuns(), nextCursor: null }),
  );
}
