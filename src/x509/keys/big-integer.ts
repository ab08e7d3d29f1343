/** Bits of a number above zero; 0 for zero. */
export function bitLength(value: bigint): number {
  if (value <= 0n) return 0;
  const hex = value.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex.charAt(0), 16)));
}

/** Largest root with root^degree <= value, by Newton's method from above; for value >= 0 and degree >= 2. */
export function integerRoot(value: bigint, degree: number): bigint {
  if (value < 2n) return value;
  const exponent = BigInt(degree);
  let root = 1n << BigInt(Math.ceil(bitLength(value) / degree));
  for (;;) {
    const next = ((exponent - 1n) * root + value / root ** (exponent - 1n)) / exponent;
    if (next >= root) return root;
    root = next;
  }
}

/** Whether a number is a square; almost all others are told by their last bits. */
export function isSquare(value: bigint): boolean {
  if (value < 0n || squareEndings[Number(value & 0xffn)] === 0) return false;
  return integerRoot(value, 2) ** 2n === value;
}

const squareEndings = new Uint8Array(256);
for (let root = 0; root < 256; root += 1) squareEndings[(root * root) % 256] = 1;

/** Greatest common divisor, by Euclid. */
export function gcd(one: bigint, other: bigint): bigint {
  let [a, b] = [one, other];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** All primes below `limit`. */
export function primesBelow(limit: number): number[] {
  const composite = new Uint8Array(limit);
  const primes: number[] = [];
  for (let candidate = 2; candidate < limit; candidate += 1) {
    if (composite[candidate] === 1) continue;
    primes.push(candidate);
    for (let multiple = candidate * candidate; multiple < limit; multiple += candidate)
      composite[multiple] = 1;
  }
  return primes;
}

/** Unsigned big-endian octets as a number. */
export function fromOctets(octets: Uint8Array): bigint {
  return octets.length === 0 ? 0n : BigInt(`0x${Buffer.from(octets).toString('hex')}`);
}

/** A number above zero as unsigned big-endian octets, without leading zeros. */
export function toOctets(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}
