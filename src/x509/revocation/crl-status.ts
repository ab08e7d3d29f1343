import { DerError } from '../read/der.js';
import type { PathCertificate } from '../path/certificate.js';
import { importKey } from '../path/key.js';
import { isSignedBy } from '../path/signature.js';
import { directoryKey, type PathCrl } from './crl.js';
import { crlEntries, findCrlEntries, serialHex, serialKey, type CrlEntry } from './crl-entries.js';
import { crlFault, outOfDate } from './crl-fault.js';
import { reasonsCovered } from './crl-scope.js';

/** What one CRL says of one certificate. */
export interface CrlVerdict {
  /**
   * `not-covered`: the certificate is outside its scope, so that its absence proves nothing; `stale`: nextUpdate has passed;
   * `unusable`: it cannot be relied on, for the reason in `detail`.
   */
  readonly status: 'good' | 'revoked' | 'not-covered' | 'stale' | 'unusable';
  /** Bits of the reasons the answer covers, by position (RFC 5280 section 4.2.1.13); 0 unless good. */
  readonly reasons: number;
  /** CRLReason of a revoked certificate, `unspecified` when the entry gives none; else null. */
  readonly reason: string | null;
  readonly revokedAt: Date | null;
  readonly detail: string | null;
}

/** Who signed a CRL: a certificate with the CRL's issuer name whose key verifies the signature; null when none of these did. */
export function crlSigner(crl: PathCrl, candidates: readonly PathCertificate[]): PathCertificate | null {
  return candidates.find((one) => one.subject.key === crl.issuer.key && hasSigned(one, crl)) ?? null;
}

function hasSigned({ spki }: PathCertificate, crl: PathCrl): boolean {
  const key = importKey(spki);
  return key !== null && isSignedBy(crl.tbs, crl.signatureAlgorithm, crl.signature, key);
}

/**
 * What a CRL says of each of many certificates, read in one pass (RFC 5280 section 6.3.3). `signer` as {@link crlSigner} found it
 * among certificates that are known to be the issuer's. A list that is out of date still tells who is revoked.
 */
export function crlVerdicts(
  crl: PathCrl,
  signer: PathCertificate | null,
  certificates: readonly PathCertificate[],
  at: Date,
): ReadonlyMap<PathCertificate, CrlVerdict> {
  if (signer === null)
    return all(certificates, verdict('unusable', 'no known certificate of its issuer has signed it'));
  const fault = crlFault(crl, signer, at.getTime());
  if (fault !== null && fault !== outOfDate) return all(certificates, verdict('unusable', `it ${fault}`));
  let entryOf: (certificate: PathCertificate) => CrlEntry | null;
  try {
    entryOf = entriesOf(crl, certificates);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return all(certificates, verdict('unusable', `its entries are malformed: ${error.message}`));
  }
  return new Map(
    certificates.map((certificate) => [
      certificate,
      verdictOn(crl, certificate, entryOf(certificate), fault !== null),
    ]),
  );
}

function verdictOn(
  crl: PathCrl,
  certificate: PathCertificate,
  entry: CrlEntry | null,
  isStale: boolean,
): CrlVerdict {
  const reasons = reasonsCovered(crl, certificate);
  if (reasons === 0) return verdict('not-covered', 'the certificate is outside the scope of the list');
  // Listed so that lists of changes can take an entry back (RFC 5280 section 5.3.1).
  if (entry !== null && entry.reason !== 'removeFromCRL')
    return {
      ...verdict('revoked', isStale ? `by a list that ${outOfDate}` : null),
      reason: entry.reason ?? 'unspecified',
      revokedAt: entry.revokedAt,
    };
  if (isStale) return verdict('stale', `the list ${outOfDate}`);
  return { ...verdict('good', null), reasons };
}

function verdict(status: CrlVerdict['status'], detail: string | null): CrlVerdict {
  return { status, reasons: 0, reason: null, revokedAt: null, detail };
}

function all(
  certificates: readonly PathCertificate[],
  one: CrlVerdict,
): ReadonlyMap<PathCertificate, CrlVerdict> {
  return new Map(certificates.map((certificate) => [certificate, one]));
}

/** How to find a certificate's entry. Throws DerError when the list is malformed. */
function entriesOf(
  crl: PathCrl,
  certificates: readonly PathCertificate[],
): (certificate: PathCertificate) => CrlEntry | null {
  if (crl.entries === null) return () => null;
  if (crl.scope?.isIndirect === true) return indirectEntriesOf(crl, certificates);
  const found = findCrlEntries(
    crl.der,
    crl.entries,
    certificates.map(({ serialOctets }) => serialOctets),
  );
  return ({ serialOctets }) => found.get(serialKey(serialOctets)) ?? null;
}

/** In an indirect CRL entries behind a certificateIssuer are that CA's (RFC 5280 section 5.3.3). */
function indirectEntriesOf(
  crl: PathCrl,
  certificates: readonly PathCertificate[],
): (certificate: PathCertificate) => CrlEntry | null {
  const nameOf = (issuer: string, serial: string, isNegative: boolean): string =>
    `${isNegative ? '-' : ''}${serial} ${issuer}`;
  const own = ({ issuer, serialOctets }: PathCertificate): string =>
    nameOf(issuer.key, serialHex(serialOctets, 0, serialOctets.length), (serialOctets[0] ?? 0) >= 0x80);
  const wanted = new Set(certificates.map(own));
  const found = new Map<string, CrlEntry>();
  let named: Uint8Array | null = null;
  let issuer = crl.issuer.key;
  for (const entry of crl.entries === null ? [] : crlEntries(crl.der, crl.entries)) {
    if (entry.unknownCritical.length > 0)
      throw new DerError('an entry with an unknown critical extension', 0);
    if (entry.certificateIssuer !== null && entry.certificateIssuer !== named) {
      named = entry.certificateIssuer;
      issuer = directoryKey(named);
    }
    const name = nameOf(issuer, entry.serialNumber, entry.isNegative);
    if (wanted.has(name)) found.set(name, entry);
  }
  return (certificate) => found.get(own(certificate)) ?? null;
}
