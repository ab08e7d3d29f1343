import { isUnreadable, type Certificate } from '../../model/certificate.js';
import {
  inventoryFacts,
  noIdentity,
  type InventoryFacts,
  type InventoryItem,
} from '../../model/inventory-item.js';
import { readBundle } from '../../x509/files/bundle.js';
import type { ReadCertificate } from '../connector.js';
import { fingerprint, serialHex } from '../reading/identity.js';
import { firstElement } from '../reading/first-element.js';
import { identityOfCertificate } from '../reading/row.js';

/** What a source says beside the identity; only the reference is a must. */
export type KnownFacts = Pick<InventoryItem, 'source' | 'reference'> & Partial<InventoryFacts>;

/** Certificates in text or bytes of any format, in order; null stands for one that cannot be read. */
export function certificatesOf(
  content: string | Uint8Array,
  read: ReadCertificate,
): readonly (Certificate | null)[] {
  return readBundle(typeof content === 'string' ? Buffer.from(content) : content).items.map(
    ({ der, problem }) => {
      const certificate = problem === null ? read(firstElement(der)) : null;
      return certificate === null || isUnreadable(certificate) ? null : certificate;
    },
  );
}

/**
 * The item of the first certificate in `content`, with its names where the source says none; null when there is none that can be read.
 */
export function certificateItem(
  content: string | Uint8Array,
  facts: KnownFacts,
  read: ReadCertificate,
): InventoryItem | null {
  const certificate = certificatesOf(content, read)[0] ?? null;
  if (certificate === null) return null;
  const names = facts.names ?? certificate.names.slice(0, 100);
  return { ...inventoryFacts({ ...facts, names }), ...identityOfCertificate(certificate) };
}

/** What a listing says of a certificate that it does not show. */
export interface ListedIdentity {
  /** In any spelling; SHA-256 or SHA-1. */
  readonly fingerprint?: string | null | undefined;
  /** SHA-256 of the issuer's Name in DER, where it is known. */
  readonly issuerSha256?: string | null;
  readonly serial?: string | null | undefined;
  readonly serialFormat?: 'hex' | 'decimal';
}

/** The item of a certificate that is known by fingerprint, or by issuer and serial number; null when neither says which it is. */
export function listedItem(identity: ListedIdentity, facts: KnownFacts): InventoryItem | null {
  const prints = identity.fingerprint ? fingerprint(identity.fingerprint) : null;
  const serialNumber = identity.serial ? serialHex(identity.serial, identity.serialFormat ?? 'hex') : null;
  const issuerSha256 = identity.issuerSha256 ?? null;
  if (prints === null && (serialNumber === null || issuerSha256 === null)) return null;
  return { ...inventoryFacts(facts), ...noIdentity, ...prints, issuerSha256, serialNumber };
}
