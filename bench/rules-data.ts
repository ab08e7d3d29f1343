import type { CtEntry } from '../src/model/ct-entry.js';
import type { Certificate } from '../src/model/certificate.js';
import type { Observation } from '../src/model/observation.js';
import type { OpenStore } from '../src/store/index.js';
import { readCertificate } from '../src/x509/read/read-certificate.js';
import { issueFor, type CertificateSpec, type Issued } from '../test/support/pki.js';

const dayMs = 86_400_000;
const batch = 2_000;

/** Certificates valid for 90 days, the first half of them over; each with a key of its own. */
function leaf(n: number, issuer: Issued, spec: CertificateSpec = {}): Certificate {
  const at = Date.now();
  const dates = { notBefore: new Date(at - 45 * dayMs), notAfter: new Date(at + 45 * dayMs) };
  return readCertificate(issueFor(hostOf(n), { issuer, ...dates, ...spec }).der);
}

/** Host of the `n`th endpoint. */
export function hostOf(n: number): string {
  return `h${n}.dept${n % 997}.example.com`;
}

/** An observation of the `n`th endpoint. */
export function observationOf(n: number, chain: readonly Certificate[], observedAt: Date): Observation {
  const host = hostOf(n);
  return {
    observedAt,
    scanId: 'bench',
    target: {
      host,
      address: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
      port: 443,
      serverName: host,
      starttls: null,
    },
    outcome: 'ok',
    detail: null,
    tls: {
      version: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      group: 'X25519',
      alpn: null,
      clientCertificateRequested: false,
      ocspResponse: null,
    },
    certificate: chain[0] ?? null,
    chain,
    durationMs: 10,
  };
}

function entryOf(n: number, certificate: Certificate, issuer: Certificate): CtEntry {
  return {
    logId: 'bG9nLWE=',
    leafIndex: n,
    timestamp: new Date(),
    entryType: 'x509',
    certificate,
    chain: [issuer.sha256],
    chainCertificates: [issuer],
    verified: true,
    matches: [{ watch: 'domain', item: 'example.com', value: hostOf(n), reason: null }],
    leafHash: certificate.sha256,
    seenAt: new Date(),
  };
}

/** Fills a store: `certificates` of them logged, the first `endpoints` served as well. Every hundredth is weak. */
export async function fill(
  store: OpenStore,
  issuer: Issued,
  certificates: number,
  endpoints: number,
): Promise<void> {
  const authority = readCertificate(issuer.der);
  const observedAt = new Date(Date.now() - 60_000);
  for (let start = 0; start < certificates; start += batch) {
    const leaves = Array.from({ length: Math.min(batch, certificates - start) }, (_, at) => {
      const n = start + at;
      return [n, leaf(n, issuer, n % 100 === 7 ? { hash: 'sha1' } : {})] as const;
    });
    await store.writeCtEntries(leaves.map(([n, certificate]) => entryOf(n, certificate, authority)));
    const served = leaves.filter(([n]) => n < endpoints);
    await store.writeObservations(served.map(([n, one]) => observationOf(n, [one, authority], observedAt)));
  }
}

/** A certificate for a new host that one rule flags. */
export function weakLeaf(n: number, issuer: Issued): Certificate {
  return leaf(n, issuer, { hash: 'sha1' });
}
