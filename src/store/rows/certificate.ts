import type { Certificate, ReadProblem } from '../../model/certificate.js';
import type { CertificateRow } from '../reader.js';
import { date, dateOfMs, orNull } from './decode.js';
import { base64, dateTime, type RowCodec } from './encode.js';

/** A certificate and when it was met. */
export interface SeenCertificate {
  readonly certificate: Certificate;
  readonly seenAt: Date;
}

/** Rows of `certificates`. */
export const certificateCodec: RowCodec<SeenCertificate> = {
  table: 'certificates',
  columns: [
    'sha256',
    'sha1',
    'spki_sha256',
    'modulus_sha256',
    'tbs_sha256',
    'issuer_sha256',
    'subject_sha256',
    'subject',
    'issuer',
    'serial_number',
    'not_before_ms',
    'not_after_ms',
    'common_names',
    'organizations',
    'dns_names',
    'ip_addresses',
    'email_addresses',
    'uris',
    'names',
    'key_type',
    'key_bits',
    'key_curve',
    'signature_algorithm',
    'is_ca',
    'is_self_issued',
    'is_precertificate',
    'has_extended_key_usages',
    'extended_key_usages',
    'subject_key_id',
    'authority_key_id',
    'crl_urls',
    'ocsp_urls',
    'ca_issuer_urls',
    'sct_count',
    'problems',
    'der_base64',
    'first_seen_at',
  ],
  encode({ certificate: c, seenAt }) {
    return [
      c.sha256,
      c.sha1,
      c.spkiSha256 ?? '',
      c.modulusSha256 ?? '',
      c.tbsSha256 ?? '',
      c.issuerSha256 ?? '',
      c.subjectSha256 ?? '',
      c.subject,
      c.issuer,
      c.serialNumber,
      c.notBefore?.getTime() ?? null,
      c.notAfter?.getTime() ?? null,
      c.commonNames,
      c.organizations,
      c.dnsNames,
      c.ipAddresses,
      c.emailAddresses,
      c.uris,
      c.names,
      c.key?.type ?? '',
      c.key?.bits ?? null,
      c.key?.curve ?? '',
      c.signatureAlgorithm ?? '',
      c.isCa,
      c.isSelfIssued,
      c.isPrecertificate,
      c.extendedKeyUsages !== null,
      c.extendedKeyUsages ?? [],
      c.subjectKeyId ?? '',
      c.authorityKeyId ?? '',
      c.crlUrls,
      c.ocspUrls,
      c.caIssuerUrls,
      c.sctCount,
      JSON.stringify(c.problems),
      base64(c.der),
      dateTime(seenAt),
    ];
  },
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
  .filter((column) => column !== 'der_base64')
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
