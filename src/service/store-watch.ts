import { setTimeout as delay } from 'node:timers/promises';
import type { Evaluator } from '../judging/evaluate.js';
import type { Finding } from '../model/finding.js';
import type { Pipeline } from '../judging/pipeline.js';
import type { Store } from '../store/store.js';

/** How long a database may be away, while it is opened again for example, before that is a finding. */
const patienceMs = 10_000;

interface WatchDependencies {
  readonly store: Pick<Store, 'health' | 'damage'>;
  readonly pipeline: Pick<Pipeline, 'incident'>;
  readonly evaluator: Pick<Evaluator, 'foresee'>;
  /** Tells the channels by a way that needs no database; may be called again and again. */
  tell(finding: Finding): void;
}

/**
 * Looks after the store every `everyMs` until told to stop: opens `store-spooling` while the database is away and what is written
 * waits on disk, `store-blocked` while nothing can be written at all, and `store-damaged` while something is damaged or was set aside;
 * resolves them when that is over. None waits for the database to be told.
 */
export async function watchStore(
  dependencies: WatchDependencies,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  let wellAtMs = performance.now();
  const [tellBlocked, tellAway, tellDamaged] = [
    createAlarm('store-blocked', dependencies),
    createAlarm('store-spooling', dependencies),
    createAlarm('store-damaged', dependencies),
  ];
  while (!signal.aborted) {
    const { ok, blocked, detail, spooledBytes } = await dependencies.store.health();
    if (ok && spooledBytes === 0) wellAtMs = performance.now();
    const isAway = !blocked && performance.now() - wellAtMs > patienceMs;
    tellBlocked(blocked, detail);
    tellAway(isAway, detail);
    // A database that is away is told already, and says nothing of its disk.
    const damage = ok ? await dependencies.store.damage().catch(() => null) : null;
    if (damage !== null) tellDamaged(damage.length > 0, damage.join('; '));
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Hands one incident to the pipeline, one word at a time, and to the channels while the pipeline cannot store it where the outbox reads. */
function createAlarm(
  rule: 'store-blocked' | 'store-spooling' | 'store-damaged',
  { pipeline, evaluator, tell }: WatchDependencies,
): (active: boolean, reason: string) => void {
  const subject = { kind: 'self', key: 'store' } as const;
  let finding: Finding | null = null;
  let wasActive = false;
  let storing: Promise<void> | null = null;
  return (active, reason) => {
    const incident = { rule, subject, active, details: { reason } };
    if (active && !wasActive) finding = evaluator.foresee(incident, new Date());
    wasActive = active;
    // What blocks intake mostly lets findings pass, and the outbox tells them.
    const isStuck = rule === 'store-spooling' || storing !== null;
    if (active && isStuck && finding !== null) tell(finding);
    storing ??= pipeline.incident(incident).finally(() => (storing = null));
  };
}
