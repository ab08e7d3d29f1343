import { setTimeout as delay } from 'node:timers/promises';
import type { Observation, Outcome } from '../../src/model/observation.js';
import type { Target } from '../../src/model/target.js';
import { createCertificateCache } from './certificate-cache.js';
import { failure, networkFailure, type Look, type Route } from './connection.js';
import { lookOnce, type Looker, type LookOptions } from './look.js';

/** How to look at an endpoint. */
export interface ProbeOptions extends LookOptions {
  readonly scanId: string;
  /** Absolute limit of the whole probe, retries included. */
  readonly deadlineMs: number;
  /** Further tries after a transient error. */
  readonly retries: number;
  /** Local address to connect from; null lets the system choose. */
  readonly sourceAddress: string | null;
  /** Why this target may not be connected to; null when it may. Asked right before connecting. */
  refusal(target: Target): string | null;
  /** Who looks: this thread (the default), or a pool of others. */
  readonly look?: Looker;
}

/**
 * Looks at one endpoint and says what it saw. Never throws; every failure is an observation of its class. `target.address`
 * null is `unresolved`.
 */
export async function probe(
  target: Target,
  options: ProbeOptions,
  signal: AbortSignal,
): Promise<Observation> {
  const observedAt = new Date();
  const startedAt = performance.now();
  const look = await lookAt(target, options, startedAt + options.deadlineMs, signal).catch(networkFailure);
  const chain = look.chain.map(readCached);
  return {
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
}

const sawNothing = new Set<Outcome>(['silent', 'timeout']);

const readCached = createCertificateCache();

async function lookAt(
  target: Target,
  options: ProbeOptions,
  deadlineAt: number,
  signal: AbortSignal,
): Promise<Look> {
  const { address, port } = target;
  if (address === null) return failure('unresolved', null);
  let before: Look | null = null;
  for (let attempt = 0; ; attempt += 1) {
    const refusal = options.refusal(target);
    if (refusal !== null) return failure('out-of-scope', refusal);
    const route: Route = { address, port, sourceAddress: options.sourceAddress, deadlineAt, signal };
    const look = await (options.look ?? lookOnce)(target, route, options);
    // Another try has less time than the first: that it saw nothing in it does not undo what was seen.
    if (before !== null && sawNothing.has(look.outcome)) return before;
    before = look;
    const pauseMs = 100 * 2 ** attempt * (0.5 + Math.random());
    const mayRetry = look.isTransient === true && attempt < options.retries && !signal.aborted;
    if (!mayRetry || performance.now() + pauseMs >= deadlineAt) return look;
    await delay(pauseMs);
  }
}
