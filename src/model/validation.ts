/** One reason why a path is not valid. */
export interface ValidationError {
  /** Stable kebab-case code, for example `expired`, `path-length-exceeded`, `name-mismatch`. */
  readonly code: string;
  /** One sentence with the values compared; hostile text inside is escaped. */
  readonly message: string;
  /** The section it rests on, for example `RFC 5280 section 6.1.4 (l)`. */
  readonly section: string;
}

/** A certificate that the verdict rests on besides the leaf. */
export interface PathLink {
  readonly sha256: string;
  /** RFC 4514 text, most specific attribute first, shortened; hostile. */
  readonly subject: string;
  /** A CA of the path, the trust anchor that ends it, or the signer of a CRL that was used. */
  readonly role: 'issuer' | 'anchor' | 'crl-signer';
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
}

/** Verdict of path validation, always against a named root store of a known date. */
export interface Validation {
  readonly verdict: 'valid' | 'invalid';
  /**
   * How much an invalid verdict weighs: `faulty` when every error is a fault of form that no client turns away for; `valid` and
   * `invalid` as the verdict says.
   */
  readonly grade: 'valid' | 'faulty' | 'invalid';
  readonly errors: readonly ValidationError[];
  /** Faults of form that the profile tolerates. */
  readonly warnings: readonly ValidationError[];
  /** For example `mozilla 2026-08-01`. */
  readonly rootStore: string;
  /** SHA-256 of the path used, leaf first, root last; empty when none was found. */
  readonly path: readonly string[];
  /** What the path rests on, from the leaf's issuer to the anchor, then signers of CRLs; empty when no path was found. */
  readonly links: readonly PathLink[];
}
