import type { Observation } from '../../../src/model/observation.js';
import type { AlternateChain } from '../../../src/model/survey.js';
import { createCertificateCache } from './certificate-cache.js';
import { fastProbe, type Authentication } from './fast-probe.js';
import { fullProbe } from './full-probe.js';
import type { ProbeOptions } from './probe.js';

const readCached = createCertificateCache();

/** What a server that has one certificate for each type of key may be asked for besides the one it showed. */
function otherKinds(type: string): readonly Exclude<Authentication, 'any'>[] {
  if (type.startsWith('RSA')) return ['ECDSA'];
  return ['EC', 'Ed25519', 'Ed448'].includes(type) ? ['RSA'] : ['RSA', 'ECDSA'];
}

/**
 * The certificates that the endpoint serves to clients that only accept the other type of key: one connection, two when the type
 * it showed is neither RSA nor ECDSA. `turn` resolves when it may be connected to once more. Null when no certificate was shown, or
 * the endpoint may no longer be connected to.
 */
export async function otherKeyChains(
  seen: Observation,
  { limits, sourceAddress, deadlineMs, refusal }: ProbeOptions,
  turn: () => Promise<void>,
  signal: AbortSignal,
): Promise<readonly AlternateChain[] | null> {
  const { target, certificate } = seen;
  const { address, port } = target;
  if (certificate === null || address === null) return null;
  const found: AlternateChain[] = [];
  let leftMs = deadlineMs - seen.durationMs;
  for (const asked of otherKinds(certificate.key?.type ?? '')) {
    await turn();
    if (signal.aborted || leftMs <= 0 || refusal(target) !== null) return null;
    const startedAt = performance.now();
    const route = { address, port, sourceAddress, deadlineAt: startedAt + leftMs, signal };
    const full = await fullProbe(target, route, { limits, alpn: [], authentication: asked });
    const isUnread = full.outcome === 'protocol-error' || full.outcome === 'too-large';
    const { chain: ders } = isUnread ? await fastProbe(target, route, limits, asked) : full;
    leftMs -= performance.now() - startedAt;
    const chain = ders.map(readCached);
    const [leaf] = chain;
    if (leaf === undefined || leaf.sha256 === certificate.sha256) continue;
    if (!found.some((one) => one.chain[0]?.sha256 === leaf.sha256)) found.push({ asked, chain });
  }
  return found;
}
