import { z } from 'zod';
import { problems, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { instant, page, pageQuery, slice } from './shapes.js';

const ctLog = z
  .object({
    logId: z.string(),
    cursor: z.string().describe('tail or backfill.'),
    description: z.string(),
    operator: z.string(),
    url: z.string(),
    protocol: z.enum(['rfc6962', 'static-ct']),
    state: z.string().nullable(),
    treeSize: z.number().int(),
    verifiedIndex: z.number().int().describe('Everything below is proved against a signed root, and stored.'),
    behind: z.number().int().describe('Entries between what is verified and the tree head.'),
    entries: z.number().int().describe('Matched entries stored.'),
    newestEntryAt: instant.nullable(),
    lastError: z.string().nullable(),
    entriesPerSecond: z.number(),
    lagSeconds: z.number().describe('Since everything was read for the last time; 0 when nothing is left.'),
    etaSeconds: z
      .number()
      .nullable()
      .describe('Until everything is read, at the present rate; null when that cannot be said.'),
    budget: z
      .object({
        requestsPerSecond: z.number().nullable().describe('null: as many as may run at the same time.'),
        active: z.number().int(),
        waiting: z.number().int(),
        blockedSeconds: z.number().describe('How long the host is left alone yet.'),
        failuresInARow: z.number().int(),
      })
      .nullable()
      .describe("What the log's host may be asked, as configured and as learned from its answers."),
    updatedAt: instant,
  })
  .meta({ id: 'CtLog' });

/** CT logs, and how far each was read. */
export function ctLogRoutes(app: Api, { reader }: ApiParts): void {
  app.get(
    '/api/v1/ct/logs',
    {
      config: { access: 'reader' },
      schema: {
        tags: ['ct'],
        summary: 'Certificate Transparency logs, and how far each was read',
        querystring: pageQuery,
        response: { 200: page(ctLog), ...problems },
      },
    },
    async ({ query }) => slice(await reader.listCtLogs(), query),
  );
}
