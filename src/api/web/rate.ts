import { Problem } from '../problem.js';
import type { Api } from '../server.js';

/** Addresses remembered; the ones that have been silent longest are forgotten. */
const maxAddresses = 10_000;
/** What was saved up may be spent at once: a page of the console asks for several things. */
const burstSeconds = 2;

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** Bounds the requests of one address per second; health is always answered. Keeps one client from starving the others. */
export function limitRate(
  app: Api,
  requestsPerSecond: number,
  nowMs: () => number = () => performance.now(),
): void {
  const buckets = new Map<string, Bucket>();
  const most = requestsPerSecond * burstSeconds;
  app.addHook('onRequest', async ({ ip, url }) => {
    if (url.startsWith('/health/')) return;
    const atMs = nowMs();
    const last = buckets.get(ip) ?? { tokens: most, atMs };
    const tokens = Math.min(most, last.tokens + ((atMs - last.atMs) / 1_000) * requestsPerSecond);
    buckets.delete(ip);
    buckets.set(ip, { tokens: Math.max(0, tokens - 1), atMs });
    const [oldest] = buckets.keys();
    if (buckets.size > maxAddresses && oldest !== undefined) buckets.delete(oldest);
    if (tokens < 1)
      throw new Problem(429, `more than ${requestsPerSecond} requests per second from this address`, {
        'retry-after': '1',
      });
  });
}
