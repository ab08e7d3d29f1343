import { hash } from 'node:crypto';
import type { Certificate } from '../../model/certificate.js';
import { locate } from './fast.js';
import { createLayout, elementEnd, readLayout, type Layout } from './layout.js';
import { canonicalTbs, reissuedTbs } from './tbs.js';

/** EKU of a precertificate signing certificate (RFC 6962 section 3.1). */
const precertificateSigning = '1.3.6.1.4.1.11129.2.4.4';

/** True for the certificate of a key that a CA keeps for signing precertificates only. */
export function isPrecertificateSigner(certificate: Certificate): boolean {
  return certificate.isCa && (certificate.extendedKeyUsages ?? []).includes(precertificateSigning);
}

/**
 * The tbsSha256 that the final certificate of a precertificate will have. `signer` is the precertificate's issuer; where that
 * is a precertificate signing certificate, the name and key identifier of its own issuer take its place, else it changes
 * nothing. Null when something cannot be read.
 */
export function finalTbsSha256(precertificate: Certificate, signer: Certificate | null): string | null {
  const tbs = finalTbs(precertificate, signer);
  return tbs === null ? null : hash('sha256', tbs);
}

function finalTbs(precertificate: Certificate, signer: Certificate | null): Buffer | null {
  const [bytes, layout] = locate(precertificate);
  if (signer === null || !isPrecertificateSigner(signer)) return canonicalTbs(bytes, layout);
  return reissuedTbs(bytes, layout, ...locate(signer));
}

/** Whether a precertificate and a certificate are one issuance, byte for byte (RFC 6962 section 3.1). */
export interface PairVerdict {
  readonly isPair: boolean;
  /** What differs, in the words of RFC 5280 section 4.1; empty for a pair. */
  readonly differences: readonly string[];
}

/** Compares a precertificate with a certificate; see {@link finalTbsSha256} for `signer`. */
export function comparePair(
  precertificate: Certificate,
  certificate: Certificate,
  signer: Certificate | null = null,
): PairVerdict {
  const roles = [
    ...(precertificate.isPrecertificate ? [] : ['the first is no precertificate']),
    ...(certificate.isPrecertificate ? ['the second is a precertificate'] : []),
  ];
  const one = finalTbs(precertificate, signer);
  const other = finalTbs(certificate, null);
  if (one === null || other === null) return { isPair: false, differences: [...roles, 'unreadable'] };
  const differences = [...roles, ...(one.equals(other) ? [] : differingParts(one, other))];
  return { isPair: differences.length === 0, differences };
}

function differingParts(one: Buffer, other: Buffer): string[] {
  const [layout, otherLayout] = [locateTbs(one), locateTbs(other)];
  const parts = {
    serialNumber: 'serialNumber',
    innerAlgorithm: 'signature',
    issuer: 'issuer',
    notBefore: 'notBefore',
    notAfter: 'notAfter',
    subject: 'subject',
    publicKey: 'subjectPublicKeyInfo',
    extensions: 'extensions',
  } as const satisfies Partial<Record<keyof Layout, string>>;
  const names = Object.entries(parts) as [keyof typeof parts, string][];
  const differing = names.filter(
    ([part]) => !elementAt(one, layout[part]).equals(elementAt(other, otherLayout[part])),
  );
  return differing.length === 0 ? ['encoding'] : differing.map(([, name]) => name);
}

function elementAt(bytes: Buffer, at: number): Buffer {
  return at < 0 ? Buffer.alloc(0) : bytes.subarray(at, elementEnd(bytes, at));
}

function locateTbs(tbs: Buffer): Layout {
  const layout = createLayout();
  readLayout(layout, tbs, 0, tbs.length, 'tbs', true);
  return layout;
}
