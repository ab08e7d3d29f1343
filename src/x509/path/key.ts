import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import {
  children,
  contentOf,
  DerError,
  expectElement,
  readBitString,
  readInteger,
  readOid,
  readWhole,
  tags,
  type DerElement,
} from '../read/der.js';
import { memoize } from '../../lib/memoize.js';
import type { Problem } from './codes.js';
import { isOnCurve } from './curve-point.js';

/** What is allowed of a public key, from least to most: everything sound, the web's key sizes, the web's key types. */
export type KeyPolicy = 'sound' | 'web' | 'public';

/** Curves of the Baseline Requirements section 6.1.5, by object identifier, with the octets of a coordinate. */
const curves = new Map([
  ['1.2.840.10045.3.1.7', 32],
  ['1.3.132.0.34', 48],
  ['1.3.132.0.35', 66],
]);

const rsaOids = new Set(['1.2.840.113549.1.1.1', '1.2.840.113549.1.1.10']);
const rsaEncryptionOid = '1.2.840.113549.1.1.1';
const ecOid = '1.2.840.10045.2.1';
const edwardsOids = new Set(['1.3.101.112', '1.3.101.113']);

/** Larger moduli are refused unread: verifying with them costs more than any honest certificate asks for. */
const maxRsaBits = 16_384;

/** Why a key may not be used; empty when it may. Never throws. */
export function keyProblems(spki: Uint8Array, policy: KeyPolicy): readonly Problem[] {
  try {
    return judgeKey(spki, policy);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return [{ code: 'malformed-key', text: 'has a public key that cannot be read' }];
  }
}

function judgeKey(spki: Uint8Array, policy: KeyPolicy): readonly Problem[] {
  const [algorithm, key, more] = children(spki, readWhole(spki, tags.sequence));
  if (algorithm?.tag !== tags.sequence || key?.tag !== tags.bitString || more !== undefined)
    throw new DerError('not a public key', 0);
  const [oid, parameters] = children(spki, algorithm);
  if (oid === undefined) throw new DerError('no algorithm', 0);
  const type = readOid(spki, oid);
  const { bits } = readBitString(spki, key);
  if (rsaOids.has(type)) {
    const isPlain = type === rsaEncryptionOid;
    const notAllowed = policy === 'public' && !isPlain ? [refusedType(type)] : [];
    return [...notAllowed, ...judgeRsa(bits, policy)];
  }
  if (type === ecOid) return judgeEc(spki, parameters, bits);
  if (edwardsOids.has(type) && policy !== 'public') return isImportable(spki) ? [] : [malformed];
  return [refusedType(type)];
}

const malformed: Problem = { code: 'malformed-key', text: 'has a public key that is no key' };

function refusedType(oid: string): Problem {
  return { code: 'key-not-allowed', text: `has a key of type ${oid}, which is not allowed` };
}

function judgeRsa(bytes: Uint8Array, policy: KeyPolicy): readonly Problem[] {
  const [modulus, exponent, more] = children(bytes, readWhole(bytes, tags.sequence));
  if (modulus?.tag !== tags.integer || exponent?.tag !== tags.integer || more !== undefined)
    return [malformed];
  const octets = contentOf(bytes, modulus);
  const bitLength = unsignedBits(octets);
  if (bitLength > maxRsaBits || exponent.end - exponent.contentStart > maxRsaBits / 8)
    return [
      { code: 'key-not-allowed', text: `has an RSA key of ${bitLength} bits, more than ${maxRsaBits}` },
    ];
  const e = readInteger(bytes, exponent);
  if (((octets[0] ?? 0) & 0x80) !== 0 || ((octets.at(-1) ?? 0) & 1) === 0 || e < 3n || e % 2n === 0n)
    return [{ code: 'weak-key', text: 'has an RSA key with an impossible modulus or exponent' }];
  if (bitLength < 2048)
    return [{ code: 'weak-key', text: `has an RSA key of ${bitLength} bits, fewer than 2048` }];
  if (policy !== 'sound' && bitLength % 8 !== 0)
    return [{ code: 'weak-key', text: `has an RSA key of ${bitLength} bits, not a multiple of 8` }];
  return [];
}

/** Bits of an INTEGER's contents, taken as unsigned. */
function unsignedBits(octets: Uint8Array): number {
  const from = octets.findIndex((octet) => octet !== 0);
  return from < 0 ? 0 : (octets.length - from) * 8 - (Math.clz32(octets[from] ?? 0) - 24);
}

function judgeEc(
  spki: Uint8Array,
  parameters: DerElement | undefined,
  point: Uint8Array,
): readonly Problem[] {
  if (parameters?.tag !== tags.oid)
    return [{ code: 'key-not-allowed', text: 'has an elliptic curve key without a named curve' }];
  const curve = readOid(spki, expectElement(spki, tags.oid, parameters.start));
  const size = curves.get(curve);
  if (size === undefined)
    return [{ code: 'key-not-allowed', text: `has a key on the curve ${curve}, which is not allowed` }];
  const isUncompressed = point[0] === 4 && point.length === 1 + 2 * size;
  const isCompressed = (point[0] === 2 || point[0] === 3) && point.length === 1 + size;
  const isPoint = (isUncompressed || isCompressed) && (isOnCurve(curve, point) ?? isImportable(spki));
  return isPoint ? [] : [malformed];
}

function isImportable(spki: Uint8Array): boolean {
  return importKey(spki) !== null;
}

/** The key for verifying with, or null when OpenSSL refuses it (a point off its curve, an unknown algorithm). */
export function importKey(spki: Uint8Array): KeyObject | null {
  return isTooCostly(spki) ? null : importOnce(Buffer.from(spki).toString('latin1'));
}

/** OpenSSL takes longer to import a key than to verify with it, and a fleet has few issuers. */
const importOnce = memoize(500, (spki: string): KeyObject | null => {
  const bytes = Buffer.from(spki, 'latin1');
  try {
    const jwk = jwkOf(bytes);
    if (jwk !== null) return createPublicKey({ key: jwk, format: 'jwk' });
    return createPublicKey({ key: bytes, format: 'der', type: 'spki' });
  } catch {
    return null;
  }
});

/** What stands before the coordinates in the usual form of a key, by its length. */
const plainForms = new Map([
  [91, { head: '3059301306072a8648ce3d020106082a8648ce3d03010703420004', crv: 'P-256' }],
  [120, { head: '3076301006072a8648ce3d020106052b8104002203620004', crv: 'P-384' }],
]);

/** An elliptic curve key in its usual form as a JWK, which OpenSSL imports in two thirds of the time; null for others. */
function jwkOf(spki: Buffer): JsonWebKey | null {
  const form = plainForms.get(spki.length);
  if (form === undefined || spki.toString('hex', 0, form.head.length / 2) !== form.head) return null;
  const point = spki.subarray(form.head.length / 2);
  const [x, y] = [point.subarray(0, point.length / 2), point.subarray(point.length / 2)];
  return { kty: 'EC', crv: form.crv, x: x.toString('base64url'), y: y.toString('base64url') };
}

/** True for keys so large that {@link importKey} refuses them: verifying would cost too much. */
export function isTooCostly(spki: Uint8Array): boolean {
  return spki.length > maxRsaBits / 4;
}
