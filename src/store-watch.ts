import { setTimeout as delay } from 'node:timers/promises';
import type { Pipeline } from './pipeline.js';
import type { Store } from './store/store.js';

/** How long a database may be away, while it is opened again for example, before that is a finding. */
const patienceMs = 10_000;

interface WatchDependencies {
  readonly store: Pick<Store, 'health'>;
  readonly pipeline: Pick<Pipeline, 'incident'>;
}

/**
 * Looks after the store every `everyMs` until told to stop: opens `store-spooling` while the database is away and what is written
 * waits on disk, and `store-blocked` while nothing can be written at all; resolves them when that is over.
 */
export async function watchStore(
  { store, pipeline }: WatchDependencies,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  let wellAtMs = performance.now();
  const subject = { kind: 'self', key: 'store' } as const;
  while (!signal.aborted) {
    const { ok, blocked, detail, spooledBytes } = await store.health();
    if (ok && spooledBytes === 0) wellAtMs = performance.now();
    const isAway = !blocked && performance.now() - wellAtMs > patienceMs;
    const details = { reason: detail };
    await pipeline.incident({ rule: 'store-blocked', subject, active: blocked, details });
    await pipeline.incident({ rule: 'store-spooling', subject, active: isAway, details });
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
