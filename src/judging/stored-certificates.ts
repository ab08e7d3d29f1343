import { memoize } from '../lib/memoize.js';
import type { Certificate } from '../model/certificate.js';
import type { KeyEvidence, KeyWatch } from '../model/key-evidence.js';
import type { Store } from '../store/store.js';

/** Certificates, and what is known of their keys. */
export interface Fetched {
  /** The certificates of these hashes whose bytes are stored. */
  certificatesOf(hashes: readonly string[]): Certificate[];
  readonly keys: KeyEvidence;
}

/** What reading certificates from the store takes. */
export interface CertificateSources {
  readonly store: Pick<Store, 'certificates'>;
  readCertificate(der: Uint8Array): Certificate;
  readonly keyWatch: Pick<KeyWatch, 'evidence'>;
}

/** Issuers come again and again, leaves mostly once. */
const rememberedCertificates = 4_000;

/** Returns a function that reads certificates from the store by SHA-256; CA certificates read before are remembered. */
export function createCertificateFetch(
  sources: CertificateSources,
): (hashes: readonly string[]) => Promise<Fetched> {
  const { store, keyWatch } = sources;
  const authorities = new Map<string, Certificate>();
  const read = memoize(rememberedCertificates, (_sha256, der: Uint8Array) => sources.readCertificate(der));

  return async (hashes) => {
    const found = new Map<string, Certificate>();
    const missing = new Set<string>();
    for (const hash of hashes) {
      const known = authorities.get(hash);
      if (known === undefined) missing.add(hash);
      else found.set(hash, known);
    }
    for (const [hash, der] of await store.certificates([...missing])) {
      const certificate = read(hash, der);
      found.set(hash, certificate);
      if (certificate.isCa && authorities.size < rememberedCertificates) authorities.set(hash, certificate);
    }
    return {
      certificatesOf: (wanted) => wanted.flatMap((hash) => found.get(hash) ?? []),
      keys: await keyWatch.evidence([...found.values()]),
    };
  };
}
