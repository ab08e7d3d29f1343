import { z } from 'zod';
import { problemShape } from './problem.js';
import { file, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';

const health = z
  .object({ status: z.enum(['ok', 'degraded', 'unavailable']), version: z.string() })
  .meta({ id: 'Health' });
const tags = ['operation'];

/** Health for those who restart and route, metrics for Prometheus. */
export function operationRoutes(app: Api, { health: storeHealth, metrics, version }: ApiParts): void {
  app.get(
    '/health/live',
    route({
      id: 'getLiveness',
      summary: 'The process answers',
      access: 'public',
      schema: { tags, response: { 200: health } },
    }),
    async () => ({ status: 'ok' as const, version }),
  );
  app.get(
    '/health/ready',
    route({
      id: 'getReadiness',
      summary: 'The database answers; degraded while writes wait on disk for it',
      access: 'public',
      schema: {
        tags,
        response: {
          200: health,
          503: {
            description: 'The database is away.',
            content: {
              'application/json': { schema: health },
              'application/problem+json': { schema: problemShape },
            },
          },
        },
      },
    }),
    async (_request, reply) => {
      const { ok, spooledBytes } = await storeHealth();
      if (!ok) {
        const body = JSON.stringify({ status: 'unavailable', version });
        return reply
          .code(503)
          .type('application/json; charset=utf-8')
          .send(body as never);
      }
      return { status: spooledBytes > 0 ? ('degraded' as const) : ('ok' as const), version };
    },
  );
  app.get(
    '/metrics',
    route({
      id: 'getMetrics',
      summary: 'Metrics in Prometheus text format',
      access: 'reader',
      schema: { tags, response: { 200: file('Metrics.', 'text/plain') } },
    }),
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
