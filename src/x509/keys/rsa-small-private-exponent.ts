import { bitLength, isSquare } from './big-integer.js';
import type { RsaCheck } from './key-check.js';

/** Larger moduli would take longer than a certificate may; nobody was seen with such a key. */
const maxBits = 4096;

/**
 * A private exponent below n^(1/4) / 3 is the denominator of a convergent of e / n (Michael Wiener, "Cryptanalysis of Short
 * RSA Secret Exponents", 1990). Such a key has a public exponent about as long as the modulus; others are passed unseen.
 */
export const rsaSmallPrivateExponent: RsaCheck = ({ modulus, exponent, bits }) => {
  if (bits > maxBits || exponent >= modulus || bitLength(exponent) < bits * 0.7) return null;
  const privateExponent = wienerExponent(modulus, exponent);
  if (privateExponent === null) return null;
  return {
    code: 'rsa-small-private-exponent',
    message: `the RSA private exponent has only ${bitLength(privateExponent)} bits and can be computed`,
    severity: 'critical',
    source: 'Wiener, Cryptanalysis of Short RSA Secret Exponents (1990)',
  };
};

/** Walks the convergents k / d of e / n while d <= n^(1/4). */
function wienerExponent(modulus: bigint, exponent: bigint): bigint | null {
  const limit = 1n << BigInt(Math.ceil(bitLength(modulus) / 4));
  let [numerator, denominator] = [exponent, modulus];
  let [k, lastK, d, lastD] = [1n, 0n, 0n, 1n];
  while (denominator !== 0n) {
    const quotient = numerator / denominator;
    [numerator, denominator] = [denominator, numerator % denominator];
    [k, lastK] = [quotient * k + lastK, k];
    [d, lastD] = [quotient * d + lastD, d];
    if (d > limit) return null;
    if (isPrivateExponent(modulus, exponent, d, k)) return d;
  }
  return null;
}

/** Whether e * d = 1 + k * phi for a phi that factors n: p + q = n + 1 - phi, and (p + q)^2 - 4n is a square. */
function isPrivateExponent(modulus: bigint, exponent: bigint, d: bigint, k: bigint): boolean {
  if (k === 0n || d === 0n || (d & 1n) === 0n) return false;
  const product = exponent * d - 1n;
  if (product % k !== 0n) return false;
  const sum = modulus + 1n - product / k;
  return sum > 0n && isSquare(sum * sum - 4n * modulus);
}
