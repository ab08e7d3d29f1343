import type { CertificateOfPeriod } from '../populations.js';
import type { Column, Row } from '../report.js';

const number = { isNumber: true } as const;

/** Columns of every list of certificates. */
export const certificateColumns: readonly Column[] = [
  { key: 'names', title: 'Names' },
  { key: 'subject', title: 'Subject' },
  { key: 'issuer', title: 'Issuer' },
  { key: 'serialNumber', title: 'Serial number' },
  { key: 'notBefore', title: 'Valid from' },
  { key: 'notAfter', title: 'Valid until' },
  { key: 'key', title: 'Key' },
  { key: 'signatureAlgorithm', title: 'Signature' },
  { key: 'owner', title: 'Owner' },
  { key: 'environment', title: 'Environment' },
  { key: 'tags', title: 'Tags' },
  { key: 'endpointCount', title: 'Served by', ...number },
  { key: 'servedFrom', title: 'Served from' },
  { key: 'servedTo', title: 'Last served' },
  { key: 'loggedAt', title: 'Logged' },
  { key: 'logCount', title: 'In logs', ...number },
  { key: 'firstSeenAt', title: 'First seen' },
  { key: 'spkiSha256', title: 'Key SHA-256' },
  { key: 'sha256', title: 'SHA-256' },
];

/** A row for {@link certificateColumns}. */
export function certificateRow(certificate: CertificateOfPeriod): Row {
  const { sha256, spkiSha256, subject, issuer, serialNumber, notBefore, notAfter, names } = certificate;
  const { signatureAlgorithm, owner, environment, tags, endpointCount, servedFrom, servedTo } = certificate;
  const { loggedAt, logCount, firstSeenAt } = certificate;
  return {
    names,
    subject,
    issuer,
    serialNumber: pairs(serialNumber),
    notBefore,
    notAfter,
    key: keyText(certificate),
    signatureAlgorithm,
    owner,
    environment,
    tags,
    endpointCount,
    servedFrom,
    servedTo,
    loggedAt,
    logCount,
    firstSeenAt,
    spkiSha256,
    sha256,
  };
}

/** For example `RSA 2048` or `EC P-256`. */
export function keyText({
  keyType,
  keyBits,
  keyCurve,
}: Pick<CertificateOfPeriod, 'keyType' | 'keyBits' | 'keyCurve'>): string {
  if (keyType === '') return 'unreadable';
  return [keyType, keyCurve ?? keyBits].filter((part) => part !== null).join(' ');
}

/** A serial number as it is usually written: whole octets, so with its leading zero. */
function pairs(hex: string): string {
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}
