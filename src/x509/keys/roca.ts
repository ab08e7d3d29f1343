import type { RsaCheck } from './key-check.js';

/** The odd primes up to 167 whose residues give a modulus of Infineon's library away. */
const primes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/** For each prime, the powers of 65537 modulo it. */
const powers = primes.map((prime) => {
  const found = new Set<number>();
  for (let power = 1; !found.has(power); power = (power * (65_537 % prime)) % prime) found.add(power);
  return found;
});

const product = primes.reduce((all, prime) => all * BigInt(prime), 1n);

/**
 * ROCA: Infineon's library made primes of the form k * M + (65537^a mod M), so that the modulus is a power of 65537 modulo
 * every small prime (Nemec, Sys, Svenda, Klinec, Matyas, "The Return of Coppersmith's Attack", CCS 2017; CVE-2017-15361). A
 * random modulus passes this by chance once in 2^27 or less often.
 */
export const roca: RsaCheck = ({ modulus }) => {
  const rest = modulus % product;
  if (!primes.every((prime, index) => powers[index]?.has(Number(rest % BigInt(prime))))) return null;
  return {
    code: 'rsa-roca',
    message: 'the RSA modulus has the structure of Infineon keys that can be factored (ROCA)',
    severity: 'critical',
    source: 'CVE-2017-15361',
  };
};
