import type { OtherCheck, OtherKey } from './key-check.js';

/** Octets of a public key: RFC 8032 section 5.1.5 and 5.2.5, RFC 7748 section 5, FIPS 204 section 4, FIPS 205 section 11. */
const lengths = new Map([
  ['Ed25519', 32],
  ['Ed448', 57],
  ['X25519', 32],
  ['X448', 56],
  ['ML-DSA-44', 1312],
  ['ML-DSA-65', 1952],
  ['ML-DSA-87', 2592],
  ['ML-KEM-512', 800],
  ['ML-KEM-768', 1184],
  ['ML-KEM-1024', 1568],
  ...['SHA2', 'SHAKE'].flatMap((hash) =>
    [128, 192, 256].flatMap((bits) =>
      ['s', 'f'].map((speed): [string, number] => [`SLH-DSA-${hash}-${bits}${speed}`, bits / 4]),
    ),
  ),
]);

/** Keys whose algorithm fixes their length must have it; of Ed25519 the points of small order verify anything. */
export const fixedSizeKey: OtherCheck = (key) => {
  const { facts, publicKey } = key;
  const length = lengths.get(facts.type);
  if (length === undefined) return null;
  if (publicKey.length !== length)
    return {
      code: 'key-length-wrong',
      message: `the ${facts.type} key has ${publicKey.length} octets, not ${length}`,
      severity: 'error',
      source: 'RFC 8032 section 5; RFC 7748 section 5; FIPS 203, 204 and 205',
    };
  if (!isSmallOrder(key)) return null;
  return {
    code: 'ed25519-small-order',
    message: 'the Ed25519 key is a point of small order, for which signatures can be made by anybody',
    severity: 'critical',
    source: 'RFC 8032 section 8.9; Chalkias, Garillot, Nikolaenko, Taming the many EdDSAs (2020)',
  };
};

/** y coordinates of the eight points of small order, little endian; 2^255 - 19 and above are other ways to write 0 and 1. */
const smallOrder = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

function isSmallOrder({ facts, publicKey }: OtherKey): boolean {
  if (facts.type !== 'Ed25519') return false;
  const y = Buffer.from(publicKey);
  y[31] = (y[31] ?? 0) & 0x7f;
  return smallOrder.has(y.toString('hex'));
}
