import { Histogram, type Registry } from 'prom-client';
import { Problem } from './problem.js';
import type { Api } from './server.js';

/** Times every request by route pattern (never by path, host or token), and turns requests away when there are too many at once. */
export function meter(app: Api, registry: Registry, maxConcurrent: number): void {
  const durations = new Histogram({
    name: 'certglass_http_request_duration_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 30],
    registers: [registry],
  });
  let active = 0;
  app.addHook('onRequest', async (request, reply) => {
    active += 1;
    reply.raw.once('close', () => {
      active -= 1;
    });
    if (active > maxConcurrent && !request.url.startsWith('/health/'))
      throw new Problem(503, 'too many requests at once', { 'retry-after': '1' });
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    durations.observe(
      {
        method: request.routeOptions.url === undefined ? 'other' : request.method,
        route,
        status: reply.statusCode,
      },
      reply.elapsedTime / 1000,
    );
  });
}
