import { lazily } from '../../lib/memoize.js';
import { primesBelow } from './big-integer.js';
import type { RsaCheck } from './key-check.js';

/**
 * "The modulus SHOULD ... have no factors smaller than 752" (Baseline Requirements section 6.1.6, after NIST SP 800-89
 * section 5.3.3). Divides by all primes up to 65537, for any factor at all undoes the key; 2 is the business of rsaEvenModulus.
 */
export const rsaSmallFactors: RsaCheck = ({ modulus }) => {
  const factor = smallFactor(modulus);
  if (factor === null) return null;
  return {
    code: 'rsa-small-factor',
    message: `the RSA modulus is divisible by ${factor}`,
    severity: 'critical',
    source: 'CA/Browser Forum Baseline Requirements section 6.1.6; NIST SP 800-89 section 5.3.3',
  };
};

/** Products of odd primes up to 65537, each within 48 bits: one long division serves three primes or more. */
const chunks = lazily(makeChunks);

function makeChunks(): { readonly product: bigint; readonly primes: readonly number[] }[] {
  const made: { product: bigint; primes: number[] }[] = [];
  let product = 1;
  let primes: number[] = [];
  for (const prime of primesBelow(65_538).slice(1)) {
    if (product * prime >= 2 ** 48) {
      made.push({ product: BigInt(product), primes });
      product = 1;
      primes = [];
    }
    product *= prime;
    primes.push(prime);
  }
  return [...made, { product: BigInt(product), primes }];
}

/** The smallest odd prime up to 65537 that divides `modulus` and is less than it; null when there is none. */
function smallFactor(modulus: bigint): number | null {
  for (const { product, primes } of chunks()) {
    const rest = Number(modulus % product);
    const factor = primes.find((prime) => rest % prime === 0);
    if (factor !== undefined && modulus > BigInt(factor)) return factor;
  }
  return null;
}
