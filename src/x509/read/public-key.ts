import type { PublicKeyFacts } from '../../model/certificate.js';
import { contentStart, endOf } from './layout.js';
import { curves, dottedOid, findOid, keyAlgorithmNames, oidTable } from './oids.js';

const algorithms = oidTable(keyAlgorithmNames);
const curvesByOid = oidTable(curves);

/** Facts of a SubjectPublicKeyInfo, and where an RSA key has its numbers (contents of the two INTEGERs; -1 for other keys). */
export interface KeyLayout {
  readonly facts: PublicKeyFacts;
  readonly modulusStart: number;
  readonly modulusEnd: number;
  readonly exponentStart: number;
  readonly exponentEnd: number;
  /** What is wrong with the key's encoding; null when nothing is. */
  readonly problem: string | null;
}

/**
 * Reads the SubjectPublicKeyInfo in [start, end) (RFC 5280 section 4.1.2.7; RFC 3279, 5480, 8410). Does no mathematics: bits are counted, points are not checked. Null when it has no algorithm.
 */
export function readPublicKey(bytes: Buffer, start: number, end: number): KeyLayout | null {
  const algorithm = contentStart(bytes, start);
  const algorithmEnd = bytes[algorithm] === 0x30 ? endOf(bytes, algorithm, end) : -1;
  const oid = contentStart(bytes, algorithm);
  const oidEnd = algorithmEnd > 0 && bytes[oid] === 0x06 ? endOf(bytes, oid, algorithmEnd) : -1;
  if (oidEnd < 0) return null;
  const from = contentStart(bytes, oid);
  const type = findOid(algorithms, bytes, from, oidEnd) ?? dottedOid(bytes, from, oidEnd);
  if (type === null) return null;
  const isBits = bytes[algorithmEnd] === 0x03 && endOf(bytes, algorithmEnd, end) === end;
  if (!isBits || bytes[contentStart(bytes, algorithmEnd)] !== 0)
    return plainKey(
      { type, bits: null, curve: null },
      'the subjectPublicKey is no BIT STRING of whole octets',
    );
  if (type === 'RSA') return readRsa(bytes, contentStart(bytes, algorithmEnd) + 1, end);
  if (type === 'EC') return readEc(bytes, oidEnd, algorithmEnd);
  if (type === 'DSA')
    return plainKey({ type, bits: dsaBits(bytes, oidEnd, algorithmEnd), curve: null }, null);
  return plainKey({ type, bits: null, curve: null }, null);
}

function plainKey(facts: PublicKeyFacts, problem: string | null): KeyLayout {
  return { facts, modulusStart: -1, modulusEnd: -1, exponentStart: -1, exponentEnd: -1, problem };
}

/** RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017 appendix A.1.1). */
function readRsa(bytes: Buffer, at: number, end: number): KeyLayout {
  const isSequence = bytes[at] === 0x30 && endOf(bytes, at, end) === end;
  const modulus = contentStart(bytes, at);
  const modulusEnd = isSequence && bytes[modulus] === 0x02 ? endOf(bytes, modulus, end) : -1;
  const exponentEnd = modulusEnd > 0 && bytes[modulusEnd] === 0x02 ? endOf(bytes, modulusEnd, end) : -1;
  if (exponentEnd !== end)
    return plainKey(
      { type: 'RSA', bits: null, curve: null },
      'the RSA key is not a SEQUENCE of two INTEGERs',
    );
  const modulusStart = contentStart(bytes, modulus);
  const exponentStart = contentStart(bytes, modulusEnd);
  return {
    facts: { type: 'RSA', bits: bitLength(bytes, modulusStart, modulusEnd), curve: null },
    modulusStart,
    modulusEnd,
    exponentStart,
    exponentEnd,
    problem:
      integerProblem('modulus', bytes, modulusStart, modulusEnd) ??
      integerProblem('public exponent', bytes, exponentStart, exponentEnd),
  };
}

function integerProblem(name: string, bytes: Buffer, start: number, end: number): string | null {
  const first = bytes[start] ?? 0;
  if (start === end) return `the RSA ${name} is empty`;
  if (first >= 0x80) return `the RSA ${name} is negative`;
  if (first === 0 && end - start > 1 && (bytes[start + 1] ?? 0) < 0x80) return `the RSA ${name} is padded`;
  return null;
}

/** Bits of the unsigned big-endian number in [start, end). */
function bitLength(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === 0) at += 1;
  return at === end ? 0 : (end - at) * 8 - (Math.clz32(bytes[at] ?? 0) - 24);
}

/** EcpkParameters (RFC 3279 section 2.3.5): a named curve, explicit parameters, or those of the issuer (NULL). */
function readEc(bytes: Buffer, at: number, end: number): KeyLayout {
  if (bytes[at] === 0x06 && endOf(bytes, at, end) === end) {
    const curve = findOid(curvesByOid, bytes, contentStart(bytes, at), end);
    const name = curve?.name ?? dottedOid(bytes, contentStart(bytes, at), end);
    return plainKey({ type: 'EC', bits: curve?.bits ?? null, curve: name }, null);
  }
  if (bytes[at] !== 0x30 || endOf(bytes, at, end) !== end)
    return plainKey({ type: 'EC', bits: null, curve: null }, 'the EC key names no curve');
  return plainKey({ type: 'EC', bits: explicitFieldBits(bytes, at, end), curve: 'explicit' }, null);
}

/** SpecifiedECDomain begins: version INTEGER, fieldID SEQUENCE { fieldType OID, prime INTEGER } for prime fields. */
function explicitFieldBits(bytes: Buffer, start: number, end: number): number | null {
  const field = endOf(bytes, contentStart(bytes, start), end);
  if (field < 0 || bytes[field] !== 0x30) return null;
  const prime = endOf(bytes, contentStart(bytes, field), end);
  const primeEnd = prime < 0 || bytes[prime] !== 0x02 ? -1 : endOf(bytes, prime, end);
  return primeEnd < 0 ? null : bitLength(bytes, contentStart(bytes, prime), primeEnd);
}

/** Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER }; null when inherited. */
function dsaBits(bytes: Buffer, at: number, end: number): number | null {
  if (bytes[at] !== 0x30 || endOf(bytes, at, end) !== end) return null;
  const prime = contentStart(bytes, at);
  const primeEnd = bytes[prime] === 0x02 ? endOf(bytes, prime, end) : -1;
  return primeEnd < 0 ? null : bitLength(bytes, contentStart(bytes, prime), primeEnd);
}
