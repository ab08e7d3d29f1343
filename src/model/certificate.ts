/** What is known of a public key without doing mathematics on it. */
export interface PublicKeyFacts {
  /** `RSA`, `EC`, `DSA`, `Ed25519`, `Ed448`, `ML-DSA-44` ...; for an unknown algorithm its dotted object identifier. */
  readonly type: string;
  /** RSA and DSA: bits of the modulus; EC: bits of the field; null when not known. */
  readonly bits: number | null;
  /** EC: `P-256`, `P-384`, `P-521`, another named curve's name or dotted OID, or `explicit`; otherwise null. */
  readonly curve: string | null;
}

/** Something irregular met while reading; reading went on. */
export interface ReadProblem {
  /** Stable kebab-case code, for example `trailing-bytes`, `bad-time`, `negative-serial`, `not-der`. */
  readonly code: string;
  /** One sentence with the values seen (hostile text: escape before showing). */
  readonly message: string;
  /** True when the structure could not be read to its end: the certificate is unreadable and its names were searched for in the raw bytes. */
  readonly fatal: boolean;
}

/**
 * One certificate as read from its exact bytes. Every text in it is hostile.
 * Hashes are lower-case hex. Absent values are null or empty, never missing.
 */
export interface Certificate {
  /** The exact bytes received, trailing ones included. */
  readonly der: Uint8Array;
  /** SHA-256 of `der`: the primary key. */
  readonly sha256: string;
  readonly sha1: string;
  /** SHA-256 of the SubjectPublicKeyInfo; null when unreadable. */
  readonly spkiSha256: string | null;
  /** RSA only: SHA-256 of the modulus, big endian without leading zeros. */
  readonly modulusSha256: string | null;
  /** SHA-256 of the TBSCertificate without poison and SCT list: one value for a precertificate and its certificate. */
  readonly tbsSha256: string | null;
  /** SHA-256 of the issuer Name's DER. */
  readonly issuerSha256: string | null;
  /** SHA-256 of the subject Name's DER. */
  readonly subjectSha256: string | null;
  /** RFC 4514 text, most specific first; empty when there is none. */
  readonly subject: string;
  readonly issuer: string;
  /** All Common Names of the subject, in order. */
  readonly commonNames: readonly string[];
  /** Organization names of the subject. */
  readonly organizations: readonly string[];
  /** Unsigned lower-case hex without leading zeros (`0` for zero); empty when unreadable. */
  readonly serialNumber: string;
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
  /** subjectAltName dNSName values as found (may hold wildcards, NULs, anything). */
  readonly dnsNames: readonly string[];
  /** subjectAltName iPAddress values in canonical text. */
  readonly ipAddresses: readonly string[];
  /** subjectAltName rfc822Name values. */
  readonly emailAddresses: readonly string[];
  /** subjectAltName URI values. */
  readonly uris: readonly string[];
  /**
   * Every name this certificate can answer for, normalised for matching: lower-case A-labels, wildcards kept, both halves of
   * NUL-split names, all Common Names that look like host names, and, when unreadable, every DNS-like text found in the bytes.
   */
  readonly names: readonly string[];
  readonly key: PublicKeyFacts | null;
  /** For example `sha256WithRSAEncryption`, `rsassaPss-SHA256`, `ecdsa-with-SHA384`, `Ed25519`, or the dotted object identifier. */
  readonly signatureAlgorithm: string | null;
  /** basicConstraints cA. */
  readonly isCa: boolean;
  /** Subject and issuer names are byte-equal. */
  readonly isSelfIssued: boolean;
  /** Carries the critical poison extension (RFC 6962 section 3.1). */
  readonly isPrecertificate: boolean;
  /** Dotted object identifiers; null when there is no extension. */
  readonly extendedKeyUsages: readonly string[] | null;
  /** Lower-case hex. */
  readonly subjectKeyId: string | null;
  readonly authorityKeyId: string | null;
  readonly crlUrls: readonly string[];
  readonly ocspUrls: readonly string[];
  readonly caIssuerUrls: readonly string[];
  /** Number of embedded SCTs; null when there is no SCT list. */
  readonly sctCount: number | null;
  readonly problems: readonly ReadProblem[];
}

/** True when some problem stopped the reader before the end of the structure. */
export function isUnreadable(certificate: Certificate): boolean {
  return certificate.problems.some((problem) => problem.fatal);
}
