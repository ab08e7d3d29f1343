import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Sink } from '../../scanners/scanner.js';
import type { TlsConfig } from '../../scanners/tls/config.js';
import { probeAgain } from '../../scanners/tls/scan.js';
import type { Scope } from '../../scanners/tls/targets/scope.js';
import type { Doubts } from '../judging/doubts.js';
import type { Observation } from '../model/observation.js';
import { targetOfKey } from '../model/target.js';

/** What probing again takes. */
export interface RecheckDependencies {
  readonly doubts: Pick<Doubts, 'due'>;
  readonly config: () => TlsConfig;
  readonly scope: Scope;
  readonly pipeline: Sink;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

const everyMs = 1_000;
const atOnce = 500;

/**
 * Probes endpoints again whose findings rest on one probe, or were not shown by the last one, until they are certain; within scope, limits
 * and quiet hours. Resolves when the signal is aborted.
 */
export async function recheck(dependencies: RecheckDependencies): Promise<void> {
  const { doubts, signal, log } = dependencies;
  while (!signal.aborted) {
    const keys = doubts.due(new Date(), atOnce);
    if (keys.length > 0)
      await probeKeys(keys, dependencies).catch((error: unknown) =>
        log.warn({ err: error }, 'endpoints could not be probed again'),
      );
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

async function probeKeys(
  keys: readonly string[],
  { config, scope, pipeline, signal, log }: RecheckDependencies,
): Promise<void> {
  const observations: Observation[] = [];
  await probeAgain(keys.map(targetOfKey), {
    config: config(),
    scope,
    scanId: randomUUID(),
    signal,
    onObservation: (observation) => void observations.push(observation),
    onProblem: (problem) => log.warn({ problem }, 'endpoint could not be probed again'),
  });
  if (observations.length > 0) await pipeline.take({ kind: 'observations', observations });
}
