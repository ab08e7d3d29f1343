import type { PathCode } from '../../x509/path/codes.js';
import { isInUse, wholeSecond } from '../facts.js';
import type { CertificateRule, CheckInput } from '../rule.js';
import { isSelfSigned } from '../cryptography.js';

/**
 * RFC 5280 section 6: a certificate is good for what a path to a trust anchor says of it. The path was searched over what was
 * served, as a client without a cache of intermediates would. Dates of the leaf and names have rules of their own.
 */
export const untrustedChain: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'untrusted-chain',
  title: 'No valid path to a trusted root',
  severity: 'error',
  citation: 'RFC 5280 section 6.1; RFC 8446 section 4.4.2',
  remediation:
    'Serve the leaf followed by every intermediate below the root. For a private CA, add its root to the configured root store.',
  appliesTo: (input) => isInUse(input) && input.validation !== null && !isSelfSigned(input.certificate),
  check(input) {
    const errors = pathErrors(input);
    if (errors.length === 0) return null;
    return {
      details: {
        rootStore: input.validation?.rootStore ?? null,
        issuer: input.certificate.issuer,
        served: input.chain.map((certificate) => certificate.subject),
        errors,
      },
    };
  },
};

/**
 * What makes clients turn away. Weak keys and signatures, names and matters of form have rules of their own, or break no
 * connection.
 */
const decisive: ReadonlySet<string> = new Set<PathCode>([
  'no-issuer',
  'bad-signature',
  'unsupported-signature',
  'search-exhausted',
  'path-too-long',
  'expired',
  'not-yet-valid',
  'not-a-ca',
  'path-length-exceeded',
  'key-usage-without-cert-sign',
  'wrong-purpose',
  'name-excluded',
  'name-not-permitted',
  'name-constraint-unsupported',
  'name-constraints-malformed',
  'too-many-names',
  'policy-not-valid',
  'unknown-critical-extension',
  'malformed-certificate',
  'malformed-extension',
  'duplicate-extension',
  'malformed-key',
  'precertificate',
  'root-distrusted',
  'root-not-trusted-for-purpose',
  'revoked',
]);

function pathErrors(input: CheckInput): readonly { code: string; message: string }[] {
  return (input.validation?.errors ?? [])
    .filter(({ code }) => decisive.has(code) && !saidElsewhere(code, input))
    .map(({ code, message }) => ({ code, message }));
}

/** True when a rule of its own tells what this error tells. An expired intermediate has none: it breaks the path. */
function saidElsewhere(code: string, { certificate: { notBefore, notAfter }, now }: CheckInput): boolean {
  if (code === 'expired') return notAfter !== null && wholeSecond(now) > notAfter;
  if (code === 'not-yet-valid') return notBefore !== null && wholeSecond(now) < notBefore;
  return false;
}
