import type { Certificate } from '../../model/certificate.js';
import type { CertificateRow } from '../reader.js';
import { date, dateOfMs, orNull } from './decode.js';
import { toJson } from './json.js';
import {
  bytes,
  flag,
  instant,
  millisecondsOrNull,
  text,
  textList,
  uint32OrNull,
  type RowCodec,
} from './column.js';

/** A certificate and when it was met. */
export interface SeenCertificate {
  readonly certificate: Certificate;
  readonly seenAt: Date;
}

/** What is read of a certificate and filtered by nowhere. */
type MoreFacts = Pick<
  Certificate,
  | 'subjectSha256'
  | 'commonNames'
  | 'organizations'
  | 'dnsNames'
  | 'ipAddresses'
  | 'emailAddresses'
  | 'uris'
  | 'isSelfIssued'
  | 'extendedKeyUsages'
  | 'subjectKeyId'
  | 'authorityKeyId'
  | 'crlUrls'
  | 'ocspUrls'
  | 'caIssuerUrls'
  | 'sctCount'
  | 'problems'
>;

/** One literal: objects put together from others are several times slower to make and to write. */
function moreFacts(certificate: Certificate): MoreFacts {
  return {
    subjectSha256: certificate.subjectSha256,
    commonNames: certificate.commonNames,
    organizations: certificate.organizations,
    dnsNames: certificate.dnsNames,
    ipAddresses: certificate.ipAddresses,
    emailAddresses: certificate.emailAddresses,
    uris: certificate.uris,
    isSelfIssued: certificate.isSelfIssued,
    extendedKeyUsages: certificate.extendedKeyUsages,
    subjectKeyId: certificate.subjectKeyId,
    authorityKeyId: certificate.authorityKeyId,
    crlUrls: certificate.crlUrls,
    ocspUrls: certificate.ocspUrls,
    caIssuerUrls: certificate.caIssuerUrls,
    sctCount: certificate.sctCount,
    problems: certificate.problems,
  };
}

/** Rows of `certificates`. */
export const certificateCodec: RowCodec<SeenCertificate> = {
  table: 'certificates',
  isBulk: true,
  columns: [
    text('sha256', (seen) => seen.certificate.sha256),
    text('sha1', (seen) => seen.certificate.sha1),
    text('spki_sha256', (seen) => seen.certificate.spkiSha256),
    text('modulus_sha256', (seen) => seen.certificate.modulusSha256),
    text('tbs_sha256', (seen) => seen.certificate.tbsSha256),
    text('issuer_sha256', (seen) => seen.certificate.issuerSha256),
    text('subject', (seen) => seen.certificate.subject),
    text('issuer', (seen) => seen.certificate.issuer),
    text('serial_number', (seen) => seen.certificate.serialNumber),
    millisecondsOrNull('not_before_ms', (seen) => seen.certificate.notBefore),
    millisecondsOrNull('not_after_ms', (seen) => seen.certificate.notAfter),
    textList('names', (seen) => seen.certificate.names),
    text('key_type', (seen) => seen.certificate.key?.type ?? null),
    uint32OrNull('key_bits', (seen) => seen.certificate.key?.bits ?? null),
    text('key_curve', (seen) => seen.certificate.key?.curve ?? null),
    text('signature_algorithm', (seen) => seen.certificate.signatureAlgorithm),
    flag('is_ca', (seen) => seen.certificate.isCa),
    flag('is_precertificate', (seen) => seen.certificate.isPrecertificate),
    text('more', (seen) => toJson(moreFacts(seen.certificate))),
    instant('first_seen_at', (seen) => seen.seenAt),
    bytes('der', (seen) => seen.certificate.der),
  ],
};

/** Columns of `certificates` as {@link certificateColumns} selects them. */
export interface CertificateColumns {
  readonly sha256: string;
  readonly sha1: string;
  readonly spki_sha256: string;
  readonly modulus_sha256: string;
  readonly tbs_sha256: string;
  readonly issuer_sha256: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serial_number: string;
  readonly not_before_ms: string | null;
  readonly not_after_ms: string | null;
  readonly names: readonly string[];
  readonly key_type: string;
  readonly key_bits: number | null;
  readonly key_curve: string;
  readonly signature_algorithm: string;
  readonly is_ca: boolean;
  readonly is_precertificate: boolean;
  readonly more: string;
  readonly first_seen_at: string;
}

/** What to select for {@link toCertificateRow}. */
export const certificateColumns = certificateCodec.columns
  .map((column) => column.name)
  .filter((name) => name !== 'der')
  .join(', ');

/** A row of `certificates`. */
export function toCertificateRow(row: CertificateColumns): CertificateRow {
  return {
    ...(JSON.parse(row.more) as MoreFacts),
    sha256: row.sha256,
    sha1: row.sha1,
    spkiSha256: orNull(row.spki_sha256),
    modulusSha256: orNull(row.modulus_sha256),
    tbsSha256: orNull(row.tbs_sha256),
    issuerSha256: orNull(row.issuer_sha256),
    subject: row.subject,
    issuer: row.issuer,
    serialNumber: row.serial_number,
    notBefore: dateOfMs(row.not_before_ms),
    notAfter: dateOfMs(row.not_after_ms),
    names: row.names,
    key:
      row.key_type === '' ? null : { type: row.key_type, bits: row.key_bits, curve: orNull(row.key_curve) },
    signatureAlgorithm: orNull(row.signature_algorithm),
    isCa: row.is_ca,
    isPrecertificate: row.is_precertificate,
    firstSeenAt: date(row.first_seen_at),
  };
}
