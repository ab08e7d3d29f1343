import type { Certificate } from '../model/certificate.js';
import type { CheckInput } from '../rules/rule.js';
import type { InventoryIndex } from '../store/store.js';

/** How the inventory knows a certificate, in the order of strength: exact bytes, issuance, issuer and serial, key. */
export function standing(certificate: Certificate, index: InventoryIndex): CheckInput['inventory'] {
  const { sha256, sha1, tbsSha256, issuerSha256, serialNumber, spkiSha256 } = certificate;
  const known =
    index.sha256.has(sha256) ||
    index.sha1.has(sha1) ||
    (tbsSha256 !== null && index.tbsSha256.has(tbsSha256)) ||
    (issuerSha256 !== null && index.issuerSerial.has(`${issuerSha256}:${serialNumber}`)) ||
    (spkiSha256 !== null && index.spkiSha256.has(spkiSha256));
  if (known) return 'known';
  return index.sources.length === 0 || !index.isWhole ? null : 'unknown';
}

/** Two indexes that know the same. */
export function isSameInventory(one: InventoryIndex, other: InventoryIndex): boolean {
  const sets = ['sha256', 'sha1', 'tbsSha256', 'spkiSha256', 'issuerSerial'] as const;
  return (
    one.isWhole === other.isWhole &&
    one.sources.join('\n') === other.sources.join('\n') &&
    sets.every((name) => one[name] === other[name] || isSameSet(one[name], other[name]))
  );
}

function isSameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  if (one.size !== other.size) return false;
  for (const value of one) if (!other.has(value)) return false;
  return true;
}
