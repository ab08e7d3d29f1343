import { z } from 'zod';
import { listQuery, listResponse, sendList } from './listing/list.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { filterText, instant, list, moment } from './shapes.js';

const entry = z
  .object({
    at: instant,
    actor: z.string().describe('Name of the token or user; certglass: the service itself.'),
    action: z.string().describe('For example finding.silence, session.create, token.revoke.'),
    subject: z.string(),
    details: z.record(z.string(), z.unknown()).readonly(),
    number: z.number().nullable().describe('Place in the chain; null: written before there was one.'),
    hash: z.string().nullable().describe('SHA-256 of the entry and of the one it follows.'),
  })
  .meta({ id: 'AuditEntry' });

const query = listQuery.extend({
  actor: filterText.optional(),
  action: filterText.optional(),
  from: moment.optional(),
  to: moment.optional(),
});

/** Who did what: every write and every sign-in. */
export function auditRoutes(app: Api, { reader, checkAudit }: ApiParts): void {
  checkRoute(app, checkAudit);
  app.get(
    '/api/v1/audit',
    route({
      id: 'listAudit',
      summary: 'The audit trail, latest first',
      access: 'admin',
      schema: { tags: ['audit'], querystring: query, response: { 200: listResponse(entry) } },
    }),
    (request, reply) => {
      const { limit, cursor, fields, format, ...filter } = request.query;
      return sendList(
        request,
        reply,
        { limit, cursor, fields, format },
        {
          item: entry,
          name: 'audit',
          page: (page) => reader.listAudit(filter, page),
        },
      );
    },
  );
}

const chain = z.object({
  chain: z.string(),
  first: z.number().describe('Number of the first entry that is there.'),
  number: z.number().describe('Number of the last entry.'),
  hash: z.string().describe('Hash of the last entry: note it elsewhere, and give it to a later check.'),
  entries: z.number(),
});

const checked = z
  .object({
    ok: z.boolean(),
    chains: list(chain),
    earlier: z.number().describe('Entries from before the trail was a chain.'),
    faults: list(z.string()).describe('What was changed, removed or put in, a sentence each; at most 100.'),
  })
  .meta({ id: 'AuditCheck' });

const endText = /^([0-9a-f-]{36}):([1-9]\d{0,14}):([0-9a-f]{64})$/;

/** Whether the trail is as it was written. */
function checkRoute(app: Api, checkAudit: ApiParts['checkAudit']): void {
  app.get(
    '/api/v1/audit/verify',
    route({
      id: 'verifyAudit',
      summary: 'Checks every entry of the audit trail: each holds the hash of the one before',
      access: 'admin',
      schema: {
        tags: ['audit'],
        querystring: z.strictObject({
          end: z
            .string()
            .regex(endText, 'must be CHAIN:NUMBER:HASH')
            .optional()
            .describe('CHAIN:NUMBER:HASH as an earlier check gave it: the trail must still hold this entry.'),
        }),
        response: { 200: checked },
      },
    }),
    async ({ query }) => {
      const [, chainId = '', number = '', hash = ''] = endText.exec(query.end ?? '') ?? [];
      const expected = query.end === undefined ? [] : [{ chain: chainId, number: Number(number), hash }];
      const check = await checkAudit(expected);
      return { ok: check.faults.length === 0, ...check };
    },
  );
}
