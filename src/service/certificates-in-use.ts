import type { CertificateInUse } from '../../scanners/scanner.js';
import type { Store } from '../store/store.js';

/** What endpoints served when they last answered, alternates included, then what is unexpired under these domains. */
export async function* certificatesInUse(
  store: Pick<Store, 'endpoints' | 'certificatesUnder'>,
  domains: readonly string[],
  now: Date,
): AsyncGenerator<CertificateInUse, void, void> {
  for await (const { chain, survey } of store.endpoints())
    for (const [sha256, ...issuers] of [chain, ...(survey?.alternates ?? []).map((one) => one.chain)])
      if (sha256 !== undefined) yield { sha256, chain: issuers, isServed: true };
  for await (const sha256 of store.certificatesUnder(domains, now))
    yield { sha256, chain: [], isServed: false };
}
