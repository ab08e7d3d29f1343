import { integerRoot, isSquare } from './big-integer.js';
import type { RsaCheck } from './key-check.js';

/**
 * Fermat's factorization, 100 rounds, as the Baseline Requirements section 6.1.1.3 (5) demand: primes that were made one
 * from the other are found at once (CVE-2022-26320; Hanno Böck, "Fermat Attack on RSA", 2022).
 */
export const rsaClosePrimes: RsaCheck = ({ modulus }) => {
  const round = fermatRound(modulus, 100);
  if (round === null) return null;
  return {
    code: 'rsa-close-primes',
    message: `the primes of the RSA modulus are close: Fermat's method finds them in round ${round}`,
    severity: 'critical',
    source: 'CVE-2022-26320; CA/Browser Forum Baseline Requirements section 6.1.1.3',
  };
};

/** Round in which Fermat's method factors an odd number, counted from 1; null when it does not within `rounds`. */
function fermatRound(modulus: bigint, rounds: number): number | null {
  if (modulus % 2n === 0n) return null;
  let half = integerRoot(modulus, 2);
  if (half * half === modulus) return 1;
  half += 1n;
  let difference = half * half - modulus;
  for (let round = 1; round <= rounds; round += 1) {
    // half + 1 = (n + 1) / 2 would be the factors 1 and n, which is no finding.
    if (isSquare(difference) && half * 2n !== modulus + 1n) return round;
    difference += 2n * half + 1n;
    half += 1n;
  }
  return null;
}
