import type { Certificate } from '../../model/certificate.js';
import { asBuffer, locate } from '../read/fast.js';
import { contentStart, elementEnd, endOf } from '../read/layout.js';
import { readPublicKey, type KeyLayout } from '../read/public-key.js';
import { fromOctets } from './big-integer.js';
import { ecKey } from './ec-key.js';
import { fixedSizeKey } from './fixed-size-key.js';
import { keyAlgorithm } from './key-algorithm.js';
import { maxCheckedBits, type KeyProblem, type OtherCheck, type RsaCheck, type RsaKey } from './key-check.js';
import { roca } from './roca.js';
import { rsaClosePrimes } from './rsa-close-primes.js';
import { rsaEvenModulus } from './rsa-even-modulus.js';
import { rsaExponent } from './rsa-exponent.js';
import { rsaPrimePower } from './rsa-prime-power.js';
import { rsaSize } from './rsa-size.js';
import { rsaSmallFactors } from './rsa-small-factors.js';
import { rsaSmallPrivateExponent } from './rsa-small-private-exponent.js';
import { rsaZeroBytes } from './rsa-zero-bytes.js';
import { repeatedOctets, rsaRepeatedOctets } from './repeated-octets.js';

/** Every check of an RSA key that may be as large as it likes, and those that need its size bounded. */
const boundlessRsaChecks: readonly RsaCheck[] = [
  rsaSize,
  rsaEvenModulus,
  rsaExponent,
  rsaZeroBytes,
  rsaRepeatedOctets,
];
const rsaChecks: readonly RsaCheck[] = [
  rsaPrimePower,
  rsaSmallFactors,
  rsaClosePrimes,
  roca,
  rsaSmallPrivateExponent,
];
const otherChecks: readonly OtherCheck[] = [ecKey, fixedSizeKey, keyAlgorithm];

/**
 * Everything that is wrong with a certificate's key that can be told from the key alone; empty when nothing is, or when there
 * is no key to read. Pure, and at most 20 ms whatever the key. Keys known to others and primes shared
 * with other keys (batch GCD) are looked for elsewhere.
 */
export function checkKey(certificate: Certificate): readonly KeyProblem[] {
  const [bytes, layout] = locate(certificate);
  if (layout.publicKey < 0) return [];
  return checkPublicKey(bytes.subarray(layout.publicKey, elementEnd(bytes, layout.publicKey)));
}

/** The RSA key of a certificate as numbers; null for other keys, and for moduli that get no arithmetic. */
export function rsaKeyOfCertificate(certificate: Certificate): RsaKey | null {
  const [bytes, { publicKey }] = locate(certificate);
  if (publicKey < 0) return null;
  const spki = bytes.subarray(publicKey, elementEnd(bytes, publicKey));
  const key = readPublicKey(spki, 0, spki.length);
  return key === null ? null : rsaKeyOf(spki, key);
}

/** The same for the DER of a SubjectPublicKeyInfo. */
export function checkPublicKey(subjectPublicKeyInfo: Uint8Array): readonly KeyProblem[] {
  const spki = asBuffer(subjectPublicKeyInfo);
  const key =
    spki[0] === 0x30 && endOf(spki, 0, spki.length) > 0 ? readPublicKey(spki, 0, spki.length) : null;
  if (key === null) return [];
  const rsa = rsaKeyOf(spki, key);
  if (rsa !== null) return run(rsaChecksFor(rsa), rsa);
  if (key.problem !== null && key.facts.type === 'RSA') return [malformed(key.problem)];
  const bits = endOf(spki, contentStart(spki, 0), spki.length);
  const publicKey = spki.subarray(Math.min(contentStart(spki, bits) + 1, spki.length));
  const other = { facts: key.facts, spki, publicKey };
  const problems = run(otherChecks, other);
  // What is no point at all need not be called a pattern too.
  return problems.length > 0 ? problems : run([repeatedOctets], other);
}

function rsaChecksFor({ bits }: RsaKey): readonly RsaCheck[] {
  if (bits > maxNumberOctets * 8) return [rsaSize];
  return bits > maxCheckedBits ? boundlessRsaChecks : [...boundlessRsaChecks, ...rsaChecks];
}

/** Octets of the RSA modulus, big endian without leading zeros, as a view; null for other keys. */
export function modulusOf(certificate: Certificate): Uint8Array | null {
  const [bytes, { publicKey }] = locate(certificate);
  return publicKey < 0 ? null : modulusOfSpki(bytes.subarray(publicKey, elementEnd(bytes, publicKey)));
}

/** The same for the DER of a SubjectPublicKeyInfo. */
export function modulusOfSpki(subjectPublicKeyInfo: Uint8Array): Uint8Array | null {
  const spki = asBuffer(subjectPublicKeyInfo);
  const key = readPublicKey(spki, 0, spki.length);
  return key === null ? null : (rsaKeyOf(spki, key)?.modulusOctets ?? null);
}

function run<Key>(checks: readonly ((key: Key) => KeyProblem | null)[], key: Key): KeyProblem[] {
  return checks.map((check) => check(key)).filter((problem) => problem !== null);
}

function malformed(message: string): KeyProblem {
  return { code: 'key-malformed', message, severity: 'error', source: 'RFC 8017 appendix A.1.1' };
}

/** The key's numbers; null for other keys, and for RSA keys whose numbers are negative or missing. */
function rsaKeyOf(spki: Buffer, key: KeyLayout): RsaKey | null {
  if (key.modulusStart < 0 || /negative|empty/.test(key.problem ?? '')) return null;
  let start = key.modulusStart;
  while (start < key.modulusEnd && spki[start] === 0) start += 1;
  const modulusOctets = spki.subarray(start, key.modulusEnd);
  return {
    modulus: boundedNumber(modulusOctets),
    exponent: boundedNumber(spki.subarray(key.exponentStart, key.exponentEnd)),
    bits: key.facts.bits ?? 0,
    modulusOctets,
  };
}

/** A number of a megabyte takes longer to read than all checks may. */
const maxNumberOctets = 65_536;

/** The number; of one that is too long its end, below a bit that makes it longer than any other. */
function boundedNumber(octets: Uint8Array): bigint {
  if (octets.length <= maxNumberOctets) return fromOctets(octets);
  return (1n << BigInt(maxNumberOctets * 8)) | fromOctets(octets.subarray(-maxNumberOctets));
}
