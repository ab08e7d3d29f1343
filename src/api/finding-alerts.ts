import { z } from 'zod';
import { deliveryStates } from './delivery-shapes.js';
import { visibleFinding } from './finding-acts.js';
import { findingId } from './finding-shapes.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { instant, list } from './shapes.js';

const explanation = z
  .object({
    channel: z.string(),
    status: z
      .enum(['due', ...deliveryStates])
      .describe('`due` goes out with the next message; the others are states of a delivery.'),
    at: instant
      .nullable()
      .describe('When it was sent, is tried next, or is decided again; null when it is not sent.'),
    why: z.string(),
    steps: list(z.string()).describe('What routing considered, in order.'),
    nextReminderAt: instant.nullable().describe('When it is sent again if nothing changes; null: never.'),
  })
  .meta({ id: 'AlertExplanation' });

/** Who is alerted about a finding, when and why. */
export function findingAlertRoutes(app: Api, parts: ApiParts): void {
  app.get(
    '/api/v1/findings/:id/alerts',
    route({
      id: 'explainAlerts',
      summary: 'Which channels are alerted about a finding, when and why, or why not',
      access: 'reader',
      schema: {
        tags: ['findings'],
        params: z.strictObject({ id: findingId }),
        response: { 200: z.object({ items: list(explanation) }) },
      },
    }),
    async (request) => {
      const found = await visibleFinding(parts, request, request.params.id);
      return { items: await parts.explainAlerts(found) };
    },
  );
}
