import { z } from 'zod';
import { listQuery, listResponse, sendList } from './listing/list.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { filterText, instant, moment } from './shapes.js';

const entry = z
  .object({
    at: instant,
    actor: z.string().describe('Name of the token or user; certglass: the service itself.'),
    action: z.string().describe('For example finding.silence, session.create, token.revoke.'),
    subject: z.string(),
    details: z.record(z.string(), z.unknown()).readonly(),
  })
  .meta({ id: 'AuditEntry' });

const query = listQuery.extend({
  actor: filterText.optional(),
  action: filterText.optional(),
  from: moment.optional(),
  to: moment.optional(),
});

/** Who did what: every write and every sign-in. */
export function auditRoutes(app: Api, { reader }: ApiParts): void {
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
