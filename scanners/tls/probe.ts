import { setTimeout as delay } from 'node:timers/promises';
import type { Observation, Outcome } from '../../src/model/observation.js';
import type { Target } from '../../src/model/target.js';
import { createCertificateCache } from './certificate-cache.js';
import type { Depth } from './config.js';
import { failure, networkFailure, type Look, type Route } from './connection.js';
import { anonymousProbe, fastProbe } from './fast-probe.js';
import { fullProbe } from './full-probe.js';
import type { ByteLimits } from './server-flight.js';

/** How to look at an endpoint. */
export interface ProbeOptions {
  readonly scanId: string;
  readonly depth: Depth;
  /** Absolute limit of the whole probe, retries included. */
  readonly deadlineMs: number;
  /** Further tries after a transient error. */
  readonly retries: number;
  readonly limits: ByteLimits;
  /** Local address to connect from; null lets the system choose. */
  readonly sourceAddress: string | null;
  /** Why this target may not be connected to; null when it may. Asked right before connecting. */
  refusal(target: Target): string | null;
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

const readCached = createCertificateCache();

async function lookAt(
  target: Target,
  options: ProbeOptions,
  deadlineAt: number,
  signal: AbortSignal,
): Promise<Look> {
  const { address, port } = target;
  if (address === null) return failure('unresolved', null);
  for (let attempt = 0; ; attempt += 1) {
    const refusal = options.refusal(target);
    if (refusal !== null) return failure('out-of-scope', refusal);
    const route: Route = { address, port, sourceAddress: options.sourceAddress, deadlineAt, signal };
    const look = await lookOnce(target, route, options);
    const pauseMs = 100 * 2 ** attempt * (0.5 + Math.random());
    const mayRetry = look.isTransient === true && attempt < options.retries && !signal.aborted;
    if (!mayRetry || performance.now() + pauseMs >= deadlineAt) return look;
    await delay(pauseMs);
  }
}

async function lookOnce(target: Target, route: Route, { depth, limits }: ProbeOptions): Promise<Look> {
  const look = await (depth === 'fast' ? fastFirst : fullFirst)(target, route, limits);
  const wantsOtherSuites = look.detail === 'handshake_failure' || look.detail === 'insufficient_security';
  if (look.outcome !== 'alert' || !wantsOtherSuites) return look;
  return (await anonymousProbe(target, route, limits)) ?? look;
}

/** What the other probe may still turn into a certificate. */
const worthAnother = new Set<Outcome>(['alert', 'protocol-error', 'no-certificate', 'closed', 'reset']);

async function fastFirst(target: Target, route: Route, limits: ByteLimits): Promise<Look> {
  const fast = await fastProbe(target, route, limits);
  if (fast.chain.length > 0 || !worthAnother.has(fast.outcome)) return fast;
  return better(await fullWithAlpn(target, route, limits), fast);
}

async function fullFirst(target: Target, route: Route, limits: ByteLimits): Promise<Look> {
  const full = await fullWithAlpn(target, route, limits);
  if (full.chain.length > 0 || !(worthAnother.has(full.outcome) || full.outcome === 'too-large')) return full;
  return better(full, await fastProbe(target, route, limits));
}

/** A server whose protocols are not among those offered may refuse by alert: then none are offered (RFC 7301 section 3.2). */
async function fullWithAlpn(target: Target, route: Route, limits: ByteLimits): Promise<Look> {
  if (target.starttls !== null) return fullProbe(target, route, { limits, alpn: [] });
  const look = await fullProbe(target, route, { limits, alpn: ['h2', 'http/1.1'] });
  const isRefused = look.chain.length === 0 && look.detail === 'no_application_protocol';
  return isRefused ? fullProbe(target, route, { limits, alpn: [] }) : look;
}

/** Ends that say nothing of what the server speaks. */
const mute = new Set<Outcome>(['silent', 'timeout', 'reset', 'closed', 'refused', 'unreachable']);

/** The fast probe sees the bytes themselves and tells apart more; but it speaks TLS 1.2 at most, so its alerts say less. */
function better(full: Look, fast: Look): Look {
  if (full.chain.length > 0) return full;
  if (fast.chain.length > 0) return fast;
  if (mute.has(full.outcome)) return fast.outcome === 'silent' || fast.outcome === 'timeout' ? full : fast;
  return mute.has(fast.outcome) || fast.outcome === 'alert' || full.outcome === 'too-large' ? full : fast;
}
