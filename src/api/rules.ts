import { z } from 'zod';
import { problems, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { page, pageQuery, severity, slice } from './shapes.js';

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
    {
      config: { access: 'reader' },
      schema: {
        tags: ['rules'],
        summary: 'Every rule, with the standard it rests on',
        querystring: pageQuery,
        response: { 200: page(rule), ...problems },
      },
    },
    async ({ query }) => slice(items, query),
  );
}
