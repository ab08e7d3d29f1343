import { bitLength } from './big-integer.js';
import type { KeyProblem, RsaCheck } from './key-check.js';

const source = 'RFC 8017 section 3.1; CA/Browser Forum Baseline Requirements section 6.1.6';

/**
 * "The RSA public exponent e is an integer between 3 and n - 1" and prime to an even number (RFC 8017 section 3.1): 1
 * encrypts nothing, an even one cannot be inverted. "The value of the public exponent is an odd number equal to 3 or more;
 * additionally it SHOULD be in the range between 2^16 + 1 and 2^256 - 1" (Baseline Requirements section 6.1.6).
 */
export const rsaExponent: RsaCheck = ({ modulus, exponent }) => {
  if (exponent <= 1n)
    return impossible('rsa-exponent-one', `is ${exponent}: signatures can be made by anybody`);
  if (exponent % 2n === 0n) return impossible('rsa-exponent-even', 'is even: it has no private exponent');
  if (exponent >= modulus) return impossible('rsa-exponent-above-modulus', 'is not below the modulus');
  if (exponent < 65_537n)
    return {
      code: 'rsa-exponent-small',
      message: `the RSA exponent is ${exponent}, below 65537`,
      severity: 'warning',
      source,
    };
  if (exponent < 1n << 256n) return null;
  return {
    code: 'rsa-exponent-huge',
    message: `the RSA exponent has ${bitLength(exponent)} bits, more than 256`,
    severity: 'warning',
    source,
  };
};

function impossible(code: string, what: string): KeyProblem {
  return { code, message: `the RSA exponent ${what}`, severity: 'critical', source };
}
