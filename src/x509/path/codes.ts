import type { ValidationError } from '../../model/validation.js';

/** Every reason for which a path is refused, and the section each rests on. Codes are stable: alerts and scripts name them. */
export const sections = {
  // The certificate itself.
  'malformed-certificate': 'RFC 5280 section 4.1',
  'malformed-extension': 'RFC 5280 section 4.2',
  'not-der': 'X.690 sections 10 and 11',
  'duplicate-extension': 'RFC 5280 section 4.2',
  'unknown-critical-extension': 'RFC 5280 section 4.2',
  'wrong-version': 'RFC 5280 section 4.1.2.1',
  'bad-serial-number': 'RFC 5280 section 4.1.2.2',
  'signature-algorithm-mismatch': 'RFC 5280 section 4.1.1.2',
  'empty-issuer': 'RFC 5280 section 4.1.2.4',
  'empty-subject': 'RFC 5280 section 4.1.2.6',
  'bad-time': 'RFC 5280 section 4.1.2.5',
  'unique-identifier': 'RFC 5280 section 4.1.2.8',
  'authority-key-id-missing': 'RFC 5280 section 4.2.1.1',
  'authority-key-id-critical': 'RFC 5280 section 4.2.1.1',
  'authority-key-id-mismatch': 'RFC 5280 section 4.2.1.2',
  'subject-key-id-missing': 'RFC 5280 section 4.2.1.2',
  'subject-key-id-critical': 'RFC 5280 section 4.2.1.2',
  'key-usage-empty': 'RFC 5280 section 4.2.1.3',
  'key-cert-sign-without-ca': 'RFC 5280 section 4.2.1.3',
  'ca-without-key-cert-sign': 'RFC 5280 section 4.2.1.9',
  'policy-repeated': 'RFC 5280 section 4.2.1.4',
  'policy-mapping-any': 'RFC 5280 section 4.2.1.5',
  'bad-alternative-name': 'RFC 5280 section 4.2.1.6',
  'subject-alt-name-not-critical': 'RFC 5280 section 4.2.1.6',
  'basic-constraints-not-critical': 'RFC 5280 section 4.2.1.9',
  'path-length-without-ca': 'RFC 5280 section 4.2.1.9',
  'name-constraints-outside-ca': 'RFC 5280 section 4.2.1.10',
  'name-constraints-not-critical': 'RFC 5280 section 4.2.1.10',
  'name-constraints-malformed': 'RFC 5280 section 4.2.1.10',
  'policy-constraints-malformed': 'RFC 5280 section 4.2.1.11',
  'policy-constraints-not-critical': 'RFC 5280 section 4.2.1.11',
  'freshest-crl-critical': 'RFC 5280 section 4.2.1.15',
  'inhibit-any-policy-not-critical': 'RFC 5280 section 4.2.1.14',
  'information-access-critical': 'RFC 5280 section 4.2.2',
  precertificate: 'RFC 6962 section 3.1',
  // Keys and signatures.
  'malformed-key': 'RFC 5280 section 4.1.2.7',
  'weak-key': 'CA/Browser Forum Baseline Requirements section 6.1.5',
  'key-not-allowed': 'CA/Browser Forum Baseline Requirements section 7.1.3.1',
  'weak-signature': 'CA/Browser Forum Baseline Requirements section 7.1.3.2',
  'malformed-signature-algorithm': 'RFC 5280 section 4.1.1.2',
  'unsupported-signature': 'RFC 5280 section 6.1.3 (a)(1)',
  'bad-signature': 'RFC 5280 section 6.1.3 (a)(1)',
  // The path.
  'no-issuer': 'RFC 5280 section 6.1.3 (a)(4)',
  'search-exhausted': 'RFC 4158 section 2.2',
  'path-too-long': 'RFC 4158 section 2.2',
  expired: 'RFC 5280 section 6.1.3 (a)(2)',
  'not-yet-valid': 'RFC 5280 section 6.1.3 (a)(2)',
  'name-excluded': 'RFC 5280 section 6.1.3 (c)',
  'name-not-permitted': 'RFC 5280 section 6.1.3 (b)',
  'name-constraint-unsupported': 'RFC 5280 section 4.2.1.10',
  'too-many-names': 'RFC 5280 section 8',
  'policy-not-valid': 'RFC 5280 section 6.1.3 (f)',
  'not-a-ca': 'RFC 5280 section 6.1.4 (k)',
  'path-length-exceeded': 'RFC 5280 section 6.1.4 (l)',
  'key-usage-without-cert-sign': 'RFC 5280 section 6.1.4 (n)',
  'wrong-purpose': 'RFC 5280 section 4.2.1.12',
  'wrong-key-usage': 'RFC 5280 section 4.2.1.12',
  'root-distrusted': "the root store's distrust-after date",
  'root-not-trusted-for-purpose': "the root store's trust bits",
  // Revocation.
  revoked: 'RFC 5280 section 6.3.3 (i)',
  'crl-not-usable': 'RFC 5280 section 6.3.3',
  'revocation-unknown': 'RFC 5280 section 6.3.3',
  // Service identity.
  'name-mismatch': 'RFC 9525 section 6',
  'bad-host': 'RFC 9525 section 6.2',
  // Rules that bind publicly trusted servers.
  'subject-alt-name-missing': 'CA/Browser Forum Baseline Requirements section 7.1.2.7.12',
  'subject-alt-name-critical': 'CA/Browser Forum Baseline Requirements section 7.1.2.7.12',
  'name-type-not-allowed': 'CA/Browser Forum Baseline Requirements section 7.1.2.7.12',
  'internal-name': 'CA/Browser Forum Baseline Requirements section 4.2.2',
  'common-name-not-in-subject-alt-name': 'CA/Browser Forum Baseline Requirements section 7.1.4.3',
  'extended-key-usage-missing': 'CA/Browser Forum Baseline Requirements section 7.1.2.7.10',
  'extended-key-usage-critical': 'CA/Browser Forum Baseline Requirements section 7.1.2.7.6',
  'extended-key-usage-not-allowed': 'CA/Browser Forum Baseline Requirements section 7.1.2.7.10',
  'leaf-is-ca': 'CA/Browser Forum Baseline Requirements section 7.1.2.7.8',
  'leaf-key-usage': 'CA/Browser Forum Baseline Requirements section 7.1.2.7.11',
  'root-extended-key-usage': 'CA/Browser Forum Baseline Requirements section 7.1.2.1.2',
  'authority-key-id-not-allowed': 'CA/Browser Forum Baseline Requirements section 7.1.2.11.1',
  'validity-too-long': 'CA/Browser Forum Baseline Requirements section 6.3.2',
  'policy-missing': 'CA/Browser Forum Baseline Requirements section 7.1.2.7.9',
} as const;

/** One of the stable codes of {@link sections}. */
export type PathCode = keyof typeof sections;

/** Faults of form: the issuer broke a rule, and every client takes the certificate all the same. */
const faultsOfForm: ReadonlySet<PathCode> = new Set<PathCode>([
  'not-der',
  'unique-identifier',
  'authority-key-id-missing',
  'authority-key-id-critical',
  'authority-key-id-not-allowed',
  'subject-key-id-missing',
  'subject-key-id-critical',
  'key-cert-sign-without-ca',
  'ca-without-key-cert-sign',
  'policy-repeated',
  'subject-alt-name-not-critical',
  'basic-constraints-not-critical',
  'path-length-without-ca',
  'name-constraints-not-critical',
  'policy-constraints-not-critical',
  'inhibit-any-policy-not-critical',
  'subject-alt-name-critical',
  'name-type-not-allowed',
  'internal-name',
  'common-name-not-in-subject-alt-name',
  'extended-key-usage-missing',
  'extended-key-usage-critical',
  'extended-key-usage-not-allowed',
  'leaf-key-usage',
  'root-extended-key-usage',
  'policy-missing',
]);

/** True for a fault of form, which makes no client turn away. */
export function isFaultOfForm({ code, isTolerable }: Problem): boolean {
  return isTolerable === true || faultsOfForm.has(code);
}

/** A fault of one certificate; `text` is a predicate (`has no subjectAltName`), hostile parts of it escaped. */
export interface Problem {
  readonly code: PathCode;
  readonly text: string;
  /**
   * The issuer should have known better, but RFC 5280 asks those who rely on the certificate to take it all the same: the
   * profile `rfc5280` does.
   */
  readonly isTolerable?: boolean;
}

/** A problem as a sentence about `who`, for example `the issuer "CN=Example CA"`. */
export function toError(who: string, problem: Problem): ValidationError {
  const sentence = `${who} ${problem.text}`;
  return {
    code: problem.code,
    message: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`,
    section: sections[problem.code],
  };
}
