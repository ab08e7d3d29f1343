import { maxCheckedBits, type RsaCheck } from './key-check.js';

const source = 'CA/Browser Forum Baseline Requirements section 6.1.5';

/**
 * "Ensure that the modulus size, when encoded, is at least 2048 bits, and ... evenly divisible by 8" (Baseline Requirements
 * section 6.1.5). Beyond {@link maxCheckedBits} nobody verifies, and nothing else is checked here.
 */
export const rsaSize: RsaCheck = ({ bits }) => {
  if (bits < 2048)
    return {
      code: 'rsa-too-small',
      message: `the RSA modulus has ${bits} bits, fewer than 2048`,
      severity: bits < 1024 ? 'critical' : 'error',
      source,
    };
  if (bits > maxCheckedBits)
    return {
      code: 'rsa-too-large',
      message: `the RSA modulus has ${bits} bits, more than the ${maxCheckedBits} that OpenSSL takes`,
      severity: 'warning',
      source: 'OpenSSL, OPENSSL_RSA_MAX_MODULUS_BITS',
    };
  if (bits % 8 === 0) return null;
  return {
    code: 'rsa-size-not-divisible',
    message: `the RSA modulus has ${bits} bits, which 8 does not divide`,
    severity: 'error',
    source,
  };
};
