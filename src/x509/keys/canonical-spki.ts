import { ECDH } from 'node:crypto';
import {
  bytesOf,
  children,
  contentOf,
  DerError,
  expectElement,
  integerHex,
  readBitString,
  readOid,
  readWhole,
  tags,
} from '../read/der.js';
import { bitString, objectId, sequence } from './der-writing.js';

/** A curve that may be written in several ways: identifier, prime of its field, and OpenSSL's name. */
const curves = [
  {
    oid: '1.2.840.10045.3.1.7',
    name: 'prime256v1',
    prime: 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff',
  },
  {
    oid: '1.3.132.0.34',
    name: 'secp384r1',
    prime: `${'f'.repeat(63)}effffffff0000000000000000ffffffff`,
  },
  { oid: '1.3.132.0.35', name: 'secp521r1', prime: `1${'f'.repeat(130)}` },
  { oid: '1.3.132.0.10', name: 'secp256k1', prime: `${'f'.repeat(55)}efffffc2f` },
] as const;

const ecOid = '1.2.840.10045.2.1';

/**
 * One form of a SubjectPublicKeyInfo for every way to write the same EC key: named curve, uncompressed point. Explicit parameters
 * (RFC 3279 section 2.3.5) count for the curve of their prime. Other keys, and what cannot be read, come back as they are.
 */
export function canonicalSpki(spki: Uint8Array): Uint8Array {
  try {
    const [algorithm, key] = children(spki, readWhole(spki, tags.sequence));
    if (algorithm?.tag !== tags.sequence || key?.tag !== tags.bitString) return spki;
    const [oid, parameters] = children(spki, algorithm);
    if (oid === undefined || parameters === undefined || readOid(spki, oid) !== ecOid) return spki;
    const id = parameters.tag === tags.oid ? readOid(spki, parameters) : null;
    const prime = id === null ? primeOf(bytesOf(spki, parameters)) : null;
    const curve = curves.find((one) => one.oid === id || one.prime === prime);
    if (curve === undefined) return spki;
    const point = ECDH.convertKey(
      readBitString(spki, key).bits,
      curve.name,
      undefined,
      undefined,
      'uncompressed',
    );
    return sequence(sequence(objectId(ecOid), objectId(curve.oid)), bitString(Buffer.from(point)));
  } catch {
    // Not DER, or no point on the curve: the bytes stand for themselves.
    return spki;
  }
}

/** The prime of SpecifiedECDomain { version, fieldID { fieldType, prime }, ... }, as hex. */
function primeOf(parameters: Uint8Array): string {
  const [, field] = children(parameters, readWhole(parameters, tags.sequence));
  if (field === undefined) throw new DerError('no field', 0);
  const [, prime] = children(parameters, expectElement(parameters, tags.sequence, field.start));
  if (prime === undefined || contentOf(parameters, prime).length === 0) throw new DerError('no prime', 0);
  return integerHex(parameters, prime);
}
