import { z } from 'zod';
import { listQuery, listResponse, sendSlice } from './listing/list.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { severity } from './shapes.js';

const rule = z
  .object({
    id: z.string(),
    title: z.string(),
    kind: z.string(),
    severity,
    citation: z.string(),
    remediation: z.string(),
    effectiveFrom: z.string().nullable(),
  })
  .meta({ id: 'Rule' });

/** Rules: what is judged, by which standard, and what to do about it. */
export function ruleRoutes(app: Api, { rules }: ApiParts): void {
  const items = rules.map(({ effectiveFrom, ...said }) => ({
    ...said,
    effectiveFrom: effectiveFrom?.toISOString() ?? null,
  }));
  app.get(
    '/api/v1/rules',
    route({
      id: 'listRules',
      summary: 'Every rule, with the standard it rests on',
      access: 'reader',
      scoped: true,
      schema: { tags: ['rules'], querystring: listQuery, response: { 200: listResponse(rule) } },
    }),
    (request, reply) => sendSlice(request, reply, request.query, { item: rule, name: 'rules', items }),
  );
}
