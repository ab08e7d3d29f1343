import { z } from 'zod';
import { findingStates } from '../model/finding.js';
import { finding } from './finding-shapes.js';
import { listQuery, listResponse, sendSlice } from './listing/list.js';
import { Problem } from './problem.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { instant, list } from './shapes.js';

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

const detail = z
  .object({
    logId: z.string(),
    positions: list(ctLog).describe('One for each cursor.'),
    findings: list(finding).describe('Findings about it that are not resolved, at most 100.'),
    matched24h: z.number().int().nullable().describe('Matched entries of the last 24 hours.'),
  })
  .meta({ id: 'CtLogDetail' });

const tags = ['ct'];

/** CT logs, and how far each was read. */
export function ctLogRoutes(app: Api, { reader, now }: ApiParts): void {
  app.get(
    '/api/v1/ct/logs',
    route({
      id: 'listCtLogs',
      summary: 'Certificate Transparency logs, and how far each was read',
      access: 'reader',
      schema: { tags, querystring: listQuery, response: { 200: listResponse(ctLog) } },
    }),
    async (request, reply) =>
      sendSlice(request, reply, request.query, {
        item: ctLog,
        name: 'ct-logs',
        items: await reader.listCtLogs(),
      }),
  );
  app.get(
    '/api/v1/ct/logs/:logId',
    route({
      id: 'getCtLog',
      summary: 'One log: how far it was read, what is wrong with it, what matched',
      access: 'reader',
      schema: {
        tags,
        params: z.strictObject({ logId: z.string().regex(/^[A-Za-z0-9+/_=-]{1,100}$/, 'must be base64') }),
        response: { 200: detail },
      },
    }),
    async ({ params }) => {
      // In a path the URL-safe alphabet is handier.
      const logId = params.logId.replaceAll('-', '+').replaceAll('_', '/');
      const positions = (await reader.listCtLogs()).filter((log) => log.logId === logId);
      if (positions.length === 0) throw new Problem(404, 'there is no followed log with this id');
      const filter = { subjectKinds: ['ct-log'], subjectKey: logId, states: unresolved };
      const order = { by: 'severity', descending: true } as const;
      const since = new Date(now().getTime() - 86_400_000);
      const [findings, matched] = await Promise.all([
        reader.sortedFindings(filter, order, { limit: 100, cursor: null }),
        reader.countCtMatches({ logId, from: since }),
      ]);
      return { logId, positions, findings: findings.items, matched24h: matched.total };
    },
  );
}

const unresolved = findingStates.filter((state) => state !== 'resolved');
