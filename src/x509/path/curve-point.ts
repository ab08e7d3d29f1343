/** A curve y² = x³ - 3x + b over the integers modulo p. */
interface Curve {
  readonly p: bigint;
  readonly b: bigint;
  readonly octets: number;
}

/** FIPS 186-4 appendix D.1.2, by object identifier. */
const curves = new Map<string, Curve>([
  [
    '1.2.840.10045.3.1.7',
    {
      p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
      b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
      octets: 32,
    },
  ],
  [
    '1.3.132.0.34',
    {
      p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
      b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
      octets: 48,
    },
  ],
  [
    '1.3.132.0.35',
    {
      p: 2n ** 521n - 1n,
      b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
      octets: 66,
    },
  ],
]);

/**
 * Whether an uncompressed point (SEC 1 section 2.3.3) lies on its curve: a thirtieth of what it takes to have OpenSSL
 * import the key. Null for other curves and encodings, which are for OpenSSL to say.
 */
export function isOnCurve(curve: string, point: Uint8Array): boolean | null {
  const { p, b, octets } = curves.get(curve) ?? {};
  if (p === undefined || b === undefined || octets === undefined) return null;
  if (point[0] !== 4 || point.length !== 1 + 2 * octets) return null;
  const bytes = Buffer.from(point.buffer, point.byteOffset, point.length);
  const x = BigInt(`0x${bytes.toString('hex', 1, 1 + octets)}`);
  const y = BigInt(`0x${bytes.toString('hex', 1 + octets)}`);
  return x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
}
