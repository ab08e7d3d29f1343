import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { lazily } from '../../lib/memoize.js';
import { fromOctets, integerRoot, primesBelow, toOctets } from './big-integer.js';
import type { RsaCheck, RsaKey } from './key-check.js';

/**
 * "The modulus SHOULD ... be ... not the power of a prime" (Baseline Requirements section 6.1.6): such a modulus is factored
 * by taking roots. A prime itself, which needs none, is looked for up to 2048 bits.
 */
export const rsaPrimePower: RsaCheck = (key) => {
  const degree = key.modulus % 2n === 0n ? null : (powerDegree(key.modulus, key.bits) ?? primeDegree(key));
  if (degree === null) return null;
  return {
    code: 'rsa-prime-power',
    message: `the RSA modulus is ${degree === 1 ? 'a prime' : `the power ${degree} of another number`}`,
    severity: 'critical',
    source: 'CA/Browser Forum Baseline Requirements section 6.1.6; NIST SP 800-89 section 5.3.3',
  };
};

/**
 * 1 when Fermat's test to base 2 takes the modulus for a prime. OpenSSL's RSA does the one exponentiation, with modulus - 1 as
 * the public exponent; its tests for primes, and what checks Diffie-Hellman groups, do 64 where the answer is yes.
 */
function primeDegree({ modulus, bits }: RsaKey): 1 | null {
  if (bits < 512 || bits > 2048) return null;
  const [n, e] = [toOctets(modulus), toOctets(modulus - 1n)];
  const jwk = { kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') };
  const key = createPublicKey({ format: 'jwk', key: jwk });
  const two = Buffer.alloc(n.length);
  two[n.length - 1] = 2;
  return fromOctets(publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, two)) === 1n ? 1 : null;
}

/** Roots are at least 65537, for smaller factors are found by trial division: that bounds the degree. */
const minRootBits = 16;

/**
 * Exponents with, for each, primes q = 1 (mod exponent): a power of that exponent is a power of it modulo q too, so that
 * n^((q - 1) / exponent) is 0 or 1 there. Numbers that are no powers fail at one of them almost surely.
 */
const degrees = lazily(() => primesBelow(1024 + 1).map((degree) => ({ degree, sieves: sievesFor(degree) })));

function sievesFor(degree: number): { readonly q: bigint; readonly exponent: bigint }[] {
  const sieves: { q: bigint; exponent: bigint }[] = [];
  const count = degree === 2 ? 24 : degree === 3 ? 12 : 6;
  for (let q = degree * 2 + 1; sieves.length < count; q += degree * 2)
    if (isPrime(q)) sieves.push({ q: BigInt(q), exponent: BigInt((q - 1) / degree) });
  return sieves;
}

function isPrime(candidate: number): boolean {
  for (let divisor = 3; divisor * divisor <= candidate; divisor += 2)
    if (candidate % divisor === 0) return false;
  return candidate > 2;
}

/** The smallest degree of which an odd number is a power; null when of none. */
function powerDegree(modulus: bigint, bits: number): number | null {
  for (const { degree, sieves } of degrees()) {
    if (degree * minRootBits > bits) return null;
    if (!sieves.every(({ q, exponent }) => mayBePower(modulus % q, exponent, q))) continue;
    if (integerRoot(modulus, degree) ** BigInt(degree) === modulus) return degree;
  }
  return null;
}

function mayBePower(residue: bigint, exponent: bigint, q: bigint): boolean {
  return residue === 0n || powerModulo(residue, exponent, q) === 1n;
}

function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
