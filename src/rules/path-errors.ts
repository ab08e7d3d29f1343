import type { PathCode } from '../x509/path/codes.js';
import { wholeSecond } from './facts.js';
import type { CheckInput } from './rule.js';

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

/** What is wrong with the path of a certificate that no other rule reports. */
export function pathErrors(input: CheckInput): readonly { code: string; message: string }[] {
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
