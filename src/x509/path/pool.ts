import { DerError } from '../read/der.js';
import { readPathCertificate, type PathCertificate } from './certificate.js';

/** Untrusted certificates that may stand in a path, read once for many paths: by the comparable key of their subject. */
export type CertificatePool = ReadonlyMap<string, readonly PathCertificate[]>;

/** Reads certificates beside those of `onto`; unreadable and repeated ones are left out, for they can help nobody. */
export function readPool(ders: Iterable<Uint8Array>, onto: CertificatePool = new Map()): CertificatePool {
  const pool = new Map([...onto].map(([key, same]) => [key, [...same]]));
  const seen = new Set([...onto.values()].flat().map(({ sha256 }) => sha256));
  for (const der of ders) {
    const certificate = tryRead(der);
    if (certificate instanceof DerError || seen.has(certificate.sha256)) continue;
    seen.add(certificate.sha256);
    const { key } = certificate.subject;
    const same = pool.get(key);
    if (same === undefined) pool.set(key, [certificate]);
    else same.push(certificate);
  }
  return pool;
}

/** The last certificates read, by the bytes themselves: paths, signatures and rules ask for the same ones in turn. */
const recent = new Map<Uint8Array, PathCertificate>();
const mostRecent = 64;

/** The certificate, or why its frame cannot be read. The bytes must not change afterwards. */
export function tryRead(der: Uint8Array): PathCertificate | DerError {
  const known = recent.get(der);
  if (known !== undefined) return known;
  try {
    const certificate = readPathCertificate(der);
    for (const oldest of recent.keys()) {
      if (recent.size < mostRecent) break;
      recent.delete(oldest);
    }
    recent.set(der, certificate);
    return certificate;
  } catch (error) {
    if (error instanceof DerError) return error;
    throw error;
  }
}
