import type { Certificate, ReadProblem } from '../../model/certificate.js';
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

/** Rows of `certificates`. */
export const certificateCodec: RowCodec<SeenCertificate> = {
  table: 'certificates',
  columns: [
    text('sha256', (seen) => seen.certificate.sha256),
    text('sha1', (seen) => seen.certificate.sha1),
    text('spki_sha256', (seen) => seen.certificate.spkiSha256),
    text('modulus_sha256', (seen) => seen.certificate.modulusSha256),
    text('tbs_sha256', (seen) => seen.certificate.tbsSha256),
    text('issuer_sha256', (seen) => seen.certificate.issuerSha256),
    text('subject_sha256', (seen) => seen.certificate.subjectSha256),
    text('subject', (seen) => seen.certificate.subject),
    text('issuer', (seen) => seen.certificate.issuer),
    text('serial_number', (seen) => seen.certificate.serialNumber),
    millisecondsOrNull('not_before_ms', (seen) => seen.certificate.notBefore),
    millisecondsOrNull('not_after_ms', (seen) => seen.certificate.notAfter),
    textList('common_names', (seen) => seen.certificate.commonNames),
    textList('organizations', (seen) => seen.certificate.organizations),
    textList('dns_names', (seen) => seen.certificate.dnsNames),
    textList('ip_addresses', (seen) => seen.certificate.ipAddresses),
    textList('email_addresses', (seen) => seen.certificate.emailAddresses),
    textList('uris', (seen) => seen.certificate.uris),
    textList('names', (seen) => seen.certificate.names),
    text('key_type', (seen) => seen.certificate.key?.type ?? null),
    uint32OrNull('key_bits', (seen) => seen.certificate.key?.bits ?? null),
    text('key_curve', (seen) => seen.certificate.key?.curve ?? null),
    text('signature_algorithm', (seen) => seen.certificate.signatureAlgorithm),
    flag('is_ca', (seen) => seen.certificate.isCa),
    flag('is_self_issued', (seen) => seen.certificate.isSelfIssued),
    flag('is_precertificate', (seen) => seen.certificate.isPrecertificate),
    flag('has_extended_key_usages', (seen) => seen.certificate.extendedKeyUsages !== null),
    textList('extended_key_usages', (seen) => seen.certificate.extendedKeyUsages ?? []),
    text('subject_key_id', (seen) => seen.certificate.subjectKeyId),
    text('authority_key_id', (seen) => seen.certificate.authorityKeyId),
    textList('crl_urls', (seen) => seen.certificate.crlUrls),
    textList('ocsp_urls', (seen) => seen.certificate.ocspUrls),
    textList('ca_issuer_urls', (seen) => seen.certificate.caIssuerUrls),
    uint32OrNull('sct_count', (seen) => seen.certificate.sctCount),
    text('problems', (seen) => toJson(seen.certificate.problems)),
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
  readonly subject_sha256: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serial_number: string;
  readonly not_before_ms: string | null;
  readonly not_after_ms: string | null;
  readonly common_names: readonly string[];
  readonly organizations: readonly string[];
  readonly dns_names: readonly string[];
  readonly ip_addresses: readonly string[];
  readonly email_addresses: readonly string[];
  readonly uris: readonly string[];
  readonly names: readonly string[];
  readonly key_type: string;
  readonly key_bits: number | null;
  readonly key_curve: string;
  readonly signature_algorithm: string;
  readonly is_ca: boolean;
  readonly is_self_issued: boolean;
  readonly is_precertificate: boolean;
  readonly has_extended_key_usages: boolean;
  readonly extended_key_usages: readonly string[];
  readonly subject_key_id: string;
  readonly authority_key_id: string;
  readonly crl_urls: readonly string[];
  readonly ocsp_urls: readonly string[];
  readonly ca_issuer_urls: readonly string[];
  readonly sct_count: number | null;
  readonly problems: string;
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
    sha256: row.sha256,
    sha1: row.sha1,
    spkiSha256: orNull(row.spki_sha256),
    modulusSha256: orNull(row.modulus_sha256),
    tbsSha256: orNull(row.tbs_sha256),
    issuerSha256: orNull(row.issuer_sha256),
    subjectSha256: orNull(row.subject_sha256),
    subject: row.subject,
    issuer: row.issuer,
    serialNumber: row.serial_number,
    notBefore: dateOfMs(row.not_before_ms),
    notAfter: dateOfMs(row.not_after_ms),
    commonNames: row.common_names,
    organizations: row.organizations,
    dnsNames: row.dns_names,
    ipAddresses: row.ip_addresses,
    emailAddresses: row.email_addresses,
    uris: row.uris,
    names: row.names,
    key:
      row.key_type === '' ? null : { type: row.key_type, bits: row.key_bits, curve: orNull(row.key_curve) },
    signatureAlgorithm: orNull(row.signature_algorithm),
    isCa: row.is_ca,
    isSelfIssued: row.is_self_issued,
    isPrecertificate: row.is_precertificate,
    extendedKeyUsages: row.has_extended_key_usages ? row.extended_key_usages : null,
    subjectKeyId: orNull(row.subject_key_id),
    authorityKeyId: orNull(row.authority_key_id),
    crlUrls: row.crl_urls,
    ocspUrls: row.ocsp_urls,
    caIssuerUrls: row.ca_issuer_urls,
    sctCount: row.sct_count,
    problems: JSON.parse(row.problems) as readonly ReadProblem[],
    firstSeenAt: date(row.first_seen_at),
  };
}
