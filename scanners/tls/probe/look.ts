import type { Outcome } from '../../../src/model/observation.js';
import type { Target } from '../../../src/model/target.js';
import type { Depth } from '../config.js';
import type { ConnectionResult, Route } from '../wire/connection.js';
import { anonymousProbe, fastProbe, tls13Ending } from './fast-probe.js';
import { fullProbe } from './full-probe.js';
import type { ByteLimits } from '../wire/server-flight.js';
import { tls13Probe } from './tls13-probe.js';

/** How to look. */
export interface LookOptions {
  readonly depth: Depth;
  readonly limits: ByteLimits;
}

/** Looks at an endpoint once, with as many connections as it takes to tell what it is. Never rejects. */
export type Looker = (target: Target, route: Route, options: LookOptions) => Promise<ConnectionResult>;

/** The looker of this thread: one probe, and where that brought no certificate, the other. */
export const lookOnce: Looker = async (target, route, { depth, limits }) => {
  const look = await (depth === 'fast' ? fastFirst : fullFirst)(target, route, limits);
  const wantsOtherSuites = look.detail === 'handshake_failure' || look.detail === 'insufficient_security';
  if (look.outcome !== 'alert' || !wantsOtherSuites) return look;
  return (await anonymousProbe(target, route, limits)) ?? look;
};

/** What the other probe may still turn into a certificate. */
const worthAnother = new Set<Outcome>(['alert', 'protocol-error', 'no-certificate', 'closed', 'reset']);

async function fastFirst(target: Target, route: Route, limits: ByteLimits): Promise<ConnectionResult> {
  const fast = await fastProbe(target, route, limits);
  if (fast.chain.length > 0 || !worthAnother.has(fast.outcome)) return fast;
  if (isCutShort(fast) && mute.has((await tls13Ending(target, route, limits)).outcome)) return fast;
  return combined(await fullWithAlpn(target, route, limits), fast, target, route, limits);
}

/** Cut before the server said a thing: some of TLS 1.3 only do that, and all those that are broken or guarded. */
function isCutShort({ outcome, detail, tls }: ConnectionResult): boolean {
  return tls === null && (outcome === 'reset' || (outcome === 'closed' && detail === null));
}

async function fullFirst(target: Target, route: Route, limits: ByteLimits): Promise<ConnectionResult> {
  const full = await fullWithAlpn(target, route, limits);
  if (full.chain.length > 0 || !(worthAnother.has(full.outcome) || full.outcome === 'too-large')) return full;
  return combined(full, await fastProbe(target, route, limits), target, route, limits);
}

/** What both probes make of it; a certificate of a TLS-1.3-only server that OpenSSL gives up on is read by our own means. */
async function combined(
  full: ConnectionResult,
  fast: ConnectionResult,
  target: Target,
  route: Route,
  limits: ByteLimits,
): Promise<ConnectionResult> {
  const look = better(full, fast);
  const gaveUp = full.outcome === 'too-large' || full.outcome === 'protocol-error';
  const isModernOnly = ['alert', 'closed', 'reset'].includes(fast.outcome);
  if (look.chain.length > 0 || !gaveUp || !isModernOnly) return look;
  const own = await tls13Probe(target, route, limits);
  return own.chain.length > 0 ? own : look;
}

/**
 * A server may refuse a hello for its ALPN: by the alert of RFC 7301 section 3.2, by any other, or by an end without a word.
 * Whatever it was, it is asked once more without.
 */
async function fullWithAlpn(target: Target, route: Route, limits: ByteLimits): Promise<ConnectionResult> {
  if (target.starttls !== null) return fullProbe(target, route, { limits, alpn: [] });
  const look = await fullProbe(target, route, { limits, alpn: ['h2', 'http/1.1'] });
  if (look.chain.length > 0 || !mayBeForAlpn.has(look.outcome)) return look;
  const plain = await fullProbe(target, route, { limits, alpn: [] });
  return plain.chain.length === 0 && sawLess.has(plain.outcome) ? look : plain;
}

/** Ends that the extension ALPN may have brought about. */
const mayBeForAlpn = new Set<Outcome>(['alert', 'closed', 'reset', 'protocol-error']);

/** What a second question may end in for want of time. */
const sawLess = new Set<Outcome>(['silent', 'timeout', 'refused', 'unreachable']);

/** Ends that say nothing of what the server speaks. */
const mute = new Set<Outcome>(['silent', 'timeout', 'reset', 'closed', 'refused', 'unreachable']);

/** The fast probe sees the bytes themselves and tells apart more; but it speaks TLS 1.2 at most, so its alerts say less. */
function better(full: ConnectionResult, fast: ConnectionResult): ConnectionResult {
  if (full.chain.length > 0) return full;
  if (fast.chain.length > 0) return fast;
  if (mute.has(full.outcome)) return fast.outcome === 'silent' || fast.outcome === 'timeout' ? full : fast;
  return mute.has(fast.outcome) || fast.outcome === 'alert' || full.outcome === 'too-large' ? full : fast;
}
