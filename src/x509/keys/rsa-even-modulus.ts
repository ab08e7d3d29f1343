import type { RsaCheck } from './key-check.js';

/** "The modulus SHOULD ... be an odd number" (Baseline Requirements section 6.1.6): an even one is factored by looking at it. */
export const rsaEvenModulus: RsaCheck = ({ modulus }) =>
  modulus % 2n !== 0n
    ? null
    : {
        code: 'rsa-even-modulus',
        message: 'the RSA modulus is even',
        severity: 'critical',
        source: 'CA/Browser Forum Baseline Requirements section 6.1.6',
      };
