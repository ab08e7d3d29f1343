/** One reason why a path is not valid. */
export interface ValidationError {
  /** Stable kebab-case code, for example `expired`, `path-length-exceeded`, `name-mismatch`. */
  readonly code: string;
  /** One sentence with the values compared; hostile text inside is escaped. */
  readonly message: string;
  /** The section it rests on, for example `RFC 5280 section 6.1.4 (l)`. */
  readonly section: string;
}

/** Verdict of path validation, always against a named root store of a known date. */
export interface Validation {
  readonly verdict: 'valid' | 'invalid';
  readonly errors: readonly ValidationError[];
  /** For example `mozilla 2026-08-01`. */
  readonly rootStore: string;
  /** SHA-256 of the path used, leaf first, root last; empty when none was found. */
  readonly path: readonly string[];
}
