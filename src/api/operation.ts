import { z } from 'zod';
import type { ApiParts } from './routes.js';
import type { Api } from './server.js';

const health = z.object({ status: z.enum(['ok', 'degraded', 'unavailable']), version: z.string() });
const tags = ['operation'];

/** Health for whoever restarts and routes, metrics for Prometheus. */
export function operationRoutes(app: Api, { health: storeHealth, metrics, version }: ApiParts): void {
  app.get(
    '/health/live',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'The process answers', response: { 200: health } },
    },
    async () => ({ status: 'ok' as const, version }),
  );
  app.get(
    '/health/ready',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'The database answers; degraded while writes wait on disk for it',
        response: { 200: health, 503: health },
      },
    },
    async (_request, reply) => {
      const { ok, spooledBytes } = await storeHealth();
      if (!ok) return reply.code(503).send({ status: 'unavailable', version });
      return { status: spooledBytes > 0 ? ('degraded' as const) : ('ok' as const), version };
    },
  );
  app.get(
    '/metrics',
    { config: { access: 'reader' }, schema: { tags, summary: 'Metrics in Prometheus text format' } },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
