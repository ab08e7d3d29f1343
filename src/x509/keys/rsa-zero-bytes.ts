import type { RsaCheck } from './key-check.js';

/** Chance that a sound modulus is taken for a bad one; billions of keys exist. */
const falseAlarmRate = 1e-14;

/**
 * Zero octets that chance does not explain: primes whose machine words were filled only in part give a modulus with zeros
 * at regular places, and such moduli were factored as polynomials (Hanno Böck's badkeys, pattern check; the keypair package
 * of CVE-2021-41117 made primes mostly of zeros). Looks for too many zero octets and for too long a run of them.
 */
export const rsaZeroBytes: RsaCheck = ({ modulusOctets }) => {
  const zeros = modulusOctets.reduce((count, octet) => count + (octet === 0 ? 1 : 0), 0);
  const run = longestZeroRun(modulusOctets);
  const length = modulusOctets.length;
  if (run < minSuspiciousRun(length) && zeros < minSuspiciousCount(length)) return null;
  return {
    code: 'rsa-zero-bytes',
    message: `${zeros} of the ${length} octets of the RSA modulus are zero, ${run} of them in a row`,
    severity: 'critical',
    source: 'CVE-2021-41117; badkeys, pattern check',
  };
};

function longestZeroRun(octets: Uint8Array): number {
  let longest = 0;
  let run = 0;
  for (const octet of octets) {
    run = octet === 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Zeros in a row that come by chance more rarely than {@link falseAlarmRate}. */
function minSuspiciousRun(length: number): number {
  return Math.ceil(Math.log(length / falseAlarmRate) / Math.log(256));
}

/** Zeros in all, likewise: the tail of a Poisson distribution of mean length / 256. */
function minSuspiciousCount(length: number): number {
  const mean = length / 256;
  let count = 0;
  let probability = Math.exp(-mean);
  while (count < mean || probability > falseAlarmRate) {
    count += 1;
    probability *= mean / count;
  }
  return count;
}
