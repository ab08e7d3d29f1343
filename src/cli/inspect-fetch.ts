import type { RevocationAsker } from '../../scanners/revocation/ask.js';
import type { RevocationStatus } from '../model/network.js';
import type { Bundle } from '../x509/files/bundle.js';
import { readPool } from '../x509/path/pool.js';
import { readCertificate } from '../x509/read/read-certificate.js';
import type { InspectSettings } from './inspect-certificates.js';

/** Certificates of one file that are asked about; a store of roots has hundreds. */
const mostAsked = 50;
const maxCertificateBytes = 100_000;

/** What the network says of the certificates of a file: issuers that are not in it, and whether they are revoked. */
export async function fetchEvidence(
  { items }: Bundle,
  settings: InspectSettings,
  asker: RevocationAsker,
): Promise<Pick<InspectSettings, 'pool' | 'intermediates' | 'revocations'>> {
  const { signal } = new AbortController();
  const ders = items.map(({ der }) => der).filter(({ length }) => length <= maxCertificateBytes);
  const helpers = [...ders, ...settings.intermediates];
  const issuers = new Map<string, Uint8Array>();
  const revocations = new Map<string, RevocationStatus>();
  for (const der of ders.slice(0, mostAsked)) {
    const { sha256, isSelfIssued } = readCertificate(der);
    if (isSelfIssued) continue;
    for (const missing of await asker.missingIssuers(der, helpers, signal))
      issuers.set(readCertificate(missing).sha256, missing);
    revocations.set(sha256, await asker.ask(der, helpers, signal));
  }
  return {
    pool: readPool(issuers.values(), settings.pool),
    intermediates: [...settings.intermediates, ...issuers.values()],
    revocations,
  };
}
