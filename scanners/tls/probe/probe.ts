import type { Observation } from '../../../src/model/observation.js';
import type { Target } from '../../../src/model/target.js';
import { createCertificateCache } from './certificate-cache.js';
import { failure, networkFailure, type ConnectionResult } from '../wire/connection.js';
import { lookOnce, type Looker, type LookOptions } from './look.js';

/** How to look at an endpoint. */
export interface ProbeOptions extends LookOptions {
  readonly scanId: string;
  /** Absolute limit of the whole probe. */
  readonly deadlineMs: number;
  /** Local address to connect from; null lets the system choose. */
  readonly sourceAddress: string | null;
  /** Why this target may not be connected to; null when it may. Asked right before connecting. */
  refusal(target: Target): string | null;
  /** Who looks: this thread (the default), or a pool of others. */
  readonly look?: Looker;
}

/** What a probe brought. */
export interface Probed {
  readonly observation: Observation;
  /** Another try may end differently. */
  readonly isTransient: boolean;
}

/**
 * Looks at one endpoint and says what it saw. Never throws; every failure is an observation of its class. `target.address`
 * null is `unresolved`.
 */
export async function probe(target: Target, options: ProbeOptions, signal: AbortSignal): Promise<Probed> {
  const observedAt = new Date();
  const startedAt = performance.now();
  const look = await lookAt(target, options, startedAt + options.deadlineMs, signal).catch(networkFailure);
  const chain = look.chain.map(readCached);
  const observation = {
    observedAt,
    scanId: options.scanId,
    target,
    outcome: look.outcome,
    detail: look.detail,
    tls: look.tls,
    certificate: chain[0] ?? null,
    chain,
    durationMs: performance.now() - startedAt,
  };
  return { observation, isTransient: look.isTransient === true };
}

const readCached = createCertificateCache();

async function lookAt(
  target: Target,
  options: ProbeOptions,
  deadlineAt: number,
  signal: AbortSignal,
): Promise<ConnectionResult> {
  const { address, port } = target;
  if (address === null) return failure('unresolved', null);
  const refusal = options.refusal(target);
  if (refusal !== null) return failure('out-of-scope', refusal);
  const route = { address, port, sourceAddress: options.sourceAddress, deadlineAt, signal };
  return (options.look ?? lookOnce)(target, route, options);
}
