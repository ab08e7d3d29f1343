import type { Certificate } from '../model/certificate.js';
import { crlEntries, findCrlEntry, type CrlEntry } from './crl-entries.js';
import { DerError } from './der.js';
import { readPathCertificate, type PathCertificate } from './path/certificate.js';
import { readPathCrl, type PathCrl } from './path/crl.js';
import { covers, faultOf, hasSigned, isOf } from './path/revocation.js';

/** A CRL that may be relied on at an instant. */
export interface Crl {
  readonly thisUpdate: Date;
  /** When the next one is due. */
  readonly nextUpdate: Date;
  /** What the CRL says of a certificate of its issuer. */
  judge(certificate: Certificate): CrlVerdict;
  /** Everything that is revoked, one after the other; throws DerError at an entry that is malformed. */
  entries(): Generator<CrlEntry, void, undefined>;
}

/**
 * `not-listed`: in the CRL's scope and not revoked. `not-covered`: the CRL would not list the certificate if it were revoked
 * (another issuer, another shard, other kinds of certificates), so it proves nothing. `unusable`: the entries cannot be read.
 */
export interface CrlVerdict {
  readonly status: 'revoked' | 'not-listed' | 'not-covered' | 'unusable';
  /** The entry, where there is one. */
  readonly entry: CrlEntry | null;
}

/**
 * Reads a CRL and verifies it as one of `issuer`: signature, cRLSign, times at `now` (RFC 5280 section 6.3.3). Delta CRLs,
 * unknown critical extensions and everything else that forbids relying on it give one sentence instead. Never throws.
 */
export function openCrl(der: Uint8Array, issuer: Certificate, now: Date): Crl | string {
  const crl = attempt(() => readPathCrl(der));
  const by = attempt(() => readPathCertificate(issuer.der));
  if (typeof crl === 'string') return `the CRL cannot be read: ${crl}`;
  if (typeof by === 'string') return `the issuer of the CRL cannot be read: ${by}`;
  if (!isOf(crl, by)) return 'the CRL is by another issuer';
  const fault = hasSigned(by, crl) ? faultOf(crl, by, now.getTime()) : 'carries a wrong signature';
  if (fault !== null) return `the CRL ${fault}`;
  return {
    thisUpdate: new Date(crl.thisUpdateMs ?? NaN),
    nextUpdate: new Date(crl.nextUpdateMs ?? NaN),
    judge: (certificate) => judge(crl, by, certificate),
    *entries() {
      if (crl.entries !== null) yield* crlEntries(crl.der, crl.entries);
    },
  };
}

function judge(crl: PathCrl, issuer: PathCertificate, certificate: Certificate): CrlVerdict {
  const read = attempt(() => readPathCertificate(certificate.der));
  if (typeof read === 'string' || read.issuer.key !== issuer.subject.key || !covers(crl.scope, read))
    return { status: 'not-covered', entry: null };
  const { entries } = crl;
  const entry =
    entries === null ? null : attempt(() => findCrlEntry(crl.der, entries, certificate.serialNumber));
  if (entry === null) return { status: 'not-listed', entry };
  if (typeof entry === 'string') return { status: 'unusable', entry: null };
  return { status: entry.unknownCritical.length > 0 ? 'unusable' : 'revoked', entry };
}

/** The value, or the message of the DerError that was thrown instead. */
function attempt<Value>(read: () => Value): Value | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return error.message;
    throw error;
  }
}
