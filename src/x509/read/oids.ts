import { DerError, readOid, tags } from './der.js';

/** Signature algorithms by dotted OID (RFC 3279, 4055, 5758, 8410, 8692; FIPS 204 and 205; RFC 9814, 9881). */
export const signatureAlgorithmNames: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.11', 'sha256WithRSAEncryption'],
  ['1.2.840.10045.4.3.2', 'ecdsa-with-SHA256'],
  ['1.2.840.113549.1.1.2', 'md2WithRSAEncryption'],
  ['1.2.840.113549.1.1.3', 'md4WithRSAEncryption'],
  ['1.2.840.113549.1.1.4', 'md5WithRSAEncryption'],
  ['1.2.840.113549.1.1.5', 'sha1WithRSAEncryption'],
  ['1.3.14.3.2.29', 'sha1WithRSA'],
  ['1.3.14.3.2.3', 'md5WithRSA'],
  ['1.2.840.113549.1.1.10', 'rsassaPss'],
  ['1.2.840.113549.1.1.11', 'sha256WithRSAEncryption'],
  ['1.2.840.113549.1.1.12', 'sha384WithRSAEncryption'],
  ['1.2.840.113549.1.1.13', 'sha512WithRSAEncryption'],
  ['1.2.840.113549.1.1.14', 'sha224WithRSAEncryption'],
  ['1.2.840.113549.1.1.15', 'sha512-224WithRSAEncryption'],
  ['1.2.840.113549.1.1.16', 'sha512-256WithRSAEncryption'],
  ['2.16.840.1.101.3.4.3.13', 'sha3-224WithRSAEncryption'],
  ['2.16.840.1.101.3.4.3.14', 'sha3-256WithRSAEncryption'],
  ['2.16.840.1.101.3.4.3.15', 'sha3-384WithRSAEncryption'],
  ['2.16.840.1.101.3.4.3.16', 'sha3-512WithRSAEncryption'],
  ['1.2.840.10040.4.3', 'dsa-with-SHA1'],
  ['1.3.14.3.2.27', 'dsaWithSHA1'],
  ['2.16.840.1.101.3.4.3.1', 'dsa-with-SHA224'],
  ['2.16.840.1.101.3.4.3.2', 'dsa-with-SHA256'],
  ['2.16.840.1.101.3.4.3.3', 'dsa-with-SHA384'],
  ['2.16.840.1.101.3.4.3.4', 'dsa-with-SHA512'],
  ['1.2.840.10045.4.1', 'ecdsa-with-SHA1'],
  ['1.2.840.10045.4.3.1', 'ecdsa-with-SHA224'],
  ['1.2.840.10045.4.3.2', 'ecdsa-with-SHA256'],
  ['1.2.840.10045.4.3.3', 'ecdsa-with-SHA384'],
  ['1.2.840.10045.4.3.4', 'ecdsa-with-SHA512'],
  ['2.16.840.1.101.3.4.3.9', 'ecdsa-with-SHA3-224'],
  ['2.16.840.1.101.3.4.3.10', 'ecdsa-with-SHA3-256'],
  ['2.16.840.1.101.3.4.3.11', 'ecdsa-with-SHA3-384'],
  ['2.16.840.1.101.3.4.3.12', 'ecdsa-with-SHA3-512'],
  ['1.3.6.1.5.5.7.6.30', 'rsassaPss-SHAKE128'],
  ['1.3.6.1.5.5.7.6.31', 'rsassaPss-SHAKE256'],
  ['1.3.6.1.5.5.7.6.32', 'ecdsa-with-SHAKE128'],
  ['1.3.6.1.5.5.7.6.33', 'ecdsa-with-SHAKE256'],
  ['1.2.156.10197.1.501', 'sm2-with-SM3'],
  ['1.2.643.2.2.3', 'gost3411-94-with-gost3410-2001'],
  ['1.2.643.7.1.1.3.2', 'gost3410-2012-256'],
  ['1.2.643.7.1.1.3.3', 'gost3410-2012-512'],
  ['1.3.101.112', 'Ed25519'],
  ['1.3.101.113', 'Ed448'],
  ['2.16.840.1.101.3.4.3.17', 'ML-DSA-44'],
  ['2.16.840.1.101.3.4.3.18', 'ML-DSA-65'],
  ['2.16.840.1.101.3.4.3.19', 'ML-DSA-87'],
  ...slhDsaNames(),
]);

/** FIPS 205: twelve parameter sets at 2.16.840.1.101.3.4.3.20 to .31. */
function slhDsaNames(): [string, string][] {
  return ['SHA2', 'SHAKE'].flatMap((hash, family) =>
    ['128s', '128f', '192s', '192f', '256s', '256f'].map((set, index): [string, string] => [
      `2.16.840.1.101.3.4.3.${20 + family * 6 + index}`,
      `SLH-DSA-${hash}-${set}`,
    ]),
  );
}

/** Public key algorithms by dotted OID (RFC 3279, 4055, 8410; FIPS 203 to 205). All three RSA identifiers are called `RSA`. */
export const keyAlgorithmNames: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.1', 'RSA'],
  ['1.2.840.113549.1.1.7', 'RSA'],
  ['1.2.840.113549.1.1.10', 'RSA'],
  ['2.5.8.1.1', 'RSA'],
  ['1.2.840.10045.2.1', 'EC'],
  ['1.3.132.1.12', 'EC'],
  ['1.2.840.10040.4.1', 'DSA'],
  ['1.2.840.10046.2.1', 'DH'],
  ['1.2.840.113549.1.3.1', 'DH'],
  ['1.3.101.110', 'X25519'],
  ['1.3.101.111', 'X448'],
  ['1.3.101.112', 'Ed25519'],
  ['1.3.101.113', 'Ed448'],
  ['1.2.643.2.2.19', 'GOST R 34.10-2001'],
  ['1.2.643.7.1.1.1.1', 'GOST R 34.10-2012-256'],
  ['1.2.643.7.1.1.1.2', 'GOST R 34.10-2012-512'],
  ['2.16.840.1.101.3.4.3.17', 'ML-DSA-44'],
  ['2.16.840.1.101.3.4.3.18', 'ML-DSA-65'],
  ['2.16.840.1.101.3.4.3.19', 'ML-DSA-87'],
  ...slhDsaNames(),
  ['2.16.840.1.101.3.4.4.1', 'ML-KEM-512'],
  ['2.16.840.1.101.3.4.4.2', 'ML-KEM-768'],
  ['2.16.840.1.101.3.4.4.3', 'ML-KEM-1024'],
]);

/** Named curves by dotted OID: name and bits of the field (SEC 2, RFC 5639, GB/T 32918, ANSI X9.62). */
export const curves: ReadonlyMap<string, { readonly name: string; readonly bits: number }> = new Map(
  (
    [
      ['1.2.840.10045.3.1.7', 'P-256', 256],
      ['1.3.132.0.34', 'P-384', 384],
      ['1.3.132.0.35', 'P-521', 521],
      ['1.3.132.0.33', 'P-224', 224],
      ['1.2.840.10045.3.1.1', 'P-192', 192],
      ['1.2.840.10045.3.1.2', 'prime192v2', 192],
      ['1.2.840.10045.3.1.3', 'prime192v3', 192],
      ['1.2.840.10045.3.1.4', 'prime239v1', 239],
      ['1.2.840.10045.3.1.5', 'prime239v2', 239],
      ['1.2.840.10045.3.1.6', 'prime239v3', 239],
      ['1.3.132.0.6', 'secp112r1', 112],
      ['1.3.132.0.7', 'secp112r2', 112],
      ['1.3.132.0.28', 'secp128r1', 128],
      ['1.3.132.0.29', 'secp128r2', 128],
      ['1.3.132.0.9', 'secp160k1', 160],
      ['1.3.132.0.8', 'secp160r1', 160],
      ['1.3.132.0.30', 'secp160r2', 160],
      ['1.3.132.0.31', 'secp192k1', 192],
      ['1.3.132.0.32', 'secp224k1', 224],
      ['1.3.132.0.10', 'secp256k1', 256],
      ['1.3.132.0.4', 'sect113r1', 113],
      ['1.3.132.0.5', 'sect113r2', 113],
      ['1.3.132.0.22', 'sect131r1', 131],
      ['1.3.132.0.23', 'sect131r2', 131],
      ['1.3.132.0.1', 'sect163k1', 163],
      ['1.3.132.0.2', 'sect163r1', 163],
      ['1.3.132.0.15', 'sect163r2', 163],
      ['1.3.132.0.24', 'sect193r1', 193],
      ['1.3.132.0.25', 'sect193r2', 193],
      ['1.3.132.0.26', 'sect233k1', 233],
      ['1.3.132.0.27', 'sect233r1', 233],
      ['1.3.132.0.3', 'sect239k1', 239],
      ['1.3.132.0.16', 'sect283k1', 283],
      ['1.3.132.0.17', 'sect283r1', 283],
      ['1.3.132.0.36', 'sect409k1', 409],
      ['1.3.132.0.37', 'sect409r1', 409],
      ['1.3.132.0.38', 'sect571k1', 571],
      ['1.3.132.0.39', 'sect571r1', 571],
      ['1.2.156.10197.1.301', 'SM2', 256],
      ...[160, 192, 224, 256, 320, 384, 512].flatMap((bits, index): [string, string, number][] => [
        [`1.3.36.3.3.2.8.1.1.${index * 2 + 1}`, `brainpoolP${bits}r1`, bits],
        [`1.3.36.3.3.2.8.1.1.${index * 2 + 2}`, `brainpoolP${bits}t1`, bits],
      ]),
    ] as [string, string, number][]
  ).map(([oid, name, bits]) => [oid, { name, bits }]),
);

/** Short names of attribute types in RFC 4514 text: its own table, other descriptors of RFC 4519, and those of EV certificates. */
export const attributeNames: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.12', 'title'],
  ['2.5.4.13', 'description'],
  ['2.5.4.15', 'businessCategory'],
  ['2.5.4.16', 'postalAddress'],
  ['2.5.4.17', 'postalCode'],
  ['2.5.4.18', 'postOfficeBox'],
  ['2.5.4.20', 'telephoneNumber'],
  ['2.5.4.41', 'name'],
  ['2.5.4.42', 'givenName'],
  ['2.5.4.43', 'initials'],
  ['2.5.4.44', 'generationQualifier'],
  ['2.5.4.45', 'x500UniqueIdentifier'],
  ['2.5.4.46', 'dnQualifier'],
  ['2.5.4.65', 'pseudonym'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
  ['1.3.6.1.4.1.311.60.2.1.1', 'jurisdictionLocalityName'],
  ['1.3.6.1.4.1.311.60.2.1.2', 'jurisdictionStateOrProvinceName'],
  ['1.3.6.1.4.1.311.60.2.1.3', 'jurisdictionCountryName'],
]);

/** A table by object identifier that is searched without decoding or allocating: by all octets but the last, then by that. */
export type OidTable<Value> = readonly {
  readonly prefix: Uint8Array;
  readonly byLastOctet: readonly (Value | undefined)[];
}[];

/** Makes the table of values by dotted object identifier. Arcs are searched in the order in which they first come. */
export function oidTable<Value>(values: ReadonlyMap<string, Value>): OidTable<Value> {
  const arcs = new Map<string, (Value | undefined)[]>();
  for (const [dotted, value] of values) {
    const octets = oidOctets(dotted);
    const prefix = String.fromCharCode(...octets.slice(0, -1));
    const byLastOctet = arcs.get(prefix) ?? new Array<Value | undefined>(256).fill(undefined);
    byLastOctet[octets.at(-1) ?? 0] = value;
    arcs.set(prefix, byLastOctet);
  }
  return [...arcs].map(([prefix, byLastOctet]) => ({
    prefix: new Uint8Array(Buffer.from(prefix, 'latin1')),
    byLastOctet,
  }));
}

/** Value for the OID contents in [from, end), or undefined. */
export function findOid<Value>(
  table: OidTable<Value>,
  bytes: Uint8Array,
  from: number,
  end: number,
): Value | undefined {
  for (const { prefix, byLastOctet } of table)
    if (prefix.length === end - from - 1 && startsWith(bytes, from, prefix))
      return byLastOctet[bytes[end - 1] ?? 0];
  return undefined;
}

function startsWith(bytes: Uint8Array, from: number, prefix: Uint8Array): boolean {
  for (let index = 0; index < prefix.length; index += 1)
    if (bytes[from + index] !== prefix[index]) return false;
  return true;
}

/** Contents octets of an object identifier from dotted text. */
function oidOctets(dotted: string): number[] {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return [first * 40 + second, ...rest].flatMap(base128);
}

function base128(value: number): number[] {
  const octets = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    octets.unshift(0x80 | (rest % 128));
  return octets;
}

/** Dotted text of the OID contents in [start, end), or null when they are none. */
export function dottedOid(bytes: Uint8Array, start: number, end: number): string | null {
  try {
    return readOid(bytes, { tag: tags.oid, start, contentStart: start, end });
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}
