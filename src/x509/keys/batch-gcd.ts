import { createHash } from 'node:crypto';
import { bitLength, fromOctets, gcd, toOctets } from './big-integer.js';
import { productTree, remainders } from './product-tree.js';

/** A prime that several RSA moduli have in common: every private key of them can be computed. */
export interface SharedPrime {
  readonly primeBits: number;
  /** SHA-256 of the prime, big endian without leading zeros. */
  readonly primeSha256: string;
  /** modulusSha256 of every modulus seen with this prime, at least two. */
  readonly moduli: readonly string[];
}

/** Finds primes shared by any two of the moduli given to it so far. */
export interface SharedPrimeFinder {
  /** How many different moduli are known. */
  readonly size: number;
  /**
   * Takes moduli (big endian) and gives the shared primes of which a new one is concerned. Moduli seen before, even ones, and
   * ones below 512 or above 16,384 bits are passed over; other checks are there for these.
   */
  add(moduli: readonly Uint8Array[]): SharedPrime[];
}

/** Common factors of fewer bits are the business of the check for small factors. */
const minFactorBits = 64;

/**
 * Batch GCD, incremental (Bernstein's trees as in Heninger, Durumeric, Wustrow, Halderman, "Mining Your Ps and Qs", 2012):
 *
 *   new moduli n1 .. nk -> product tree (N, sum of cofactors S)
 *   known moduli, in products C1 .. Cm        -> R = C1 * .. * Cm mod N
 *   S * R mod ni = product of all others mod ni -> gcd(ni, that) > 1 means a shared factor
 *
 * Keeps half a kilobyte for each 2048-bit modulus. `chunkSize` moduli go into one product and into one batch.
 */
export function createSharedPrimeFinder(chunkSize = 4096): SharedPrimeFinder {
  const known = new Map<string, bigint>();
  const chunks: bigint[] = [];
  let openCount = 0;

  function remember(product: bigint, count: number): void {
    const last = chunks.at(-1);
    const isOpen = last !== undefined && openCount + count <= chunkSize;
    if (isOpen) chunks[chunks.length - 1] = last * product;
    else chunks.push(product);
    openCount = isOpen ? openCount + count : count;
  }

  function addBatch(batch: ReadonlyMap<string, bigint>): Map<bigint, SharedPrime> {
    const numbers = [...batch.values()];
    const tree = productTree(numbers);
    const others = chunks.reduce((rest, chunk) => (rest * (chunk % tree.product)) % tree.product, 1n);
    const rests = remainders((tree.cofactorSum % tree.product) * others, tree);
    for (const [id, modulus] of batch) known.set(id, modulus);
    remember(tree.product, batch.size);
    const factors = numbers.map((number, index) => gcd(number, rests[index] ?? 0n));
    return groupByPrime(
      factors.filter((factor) => bitLength(factor) >= minFactorBits),
      known,
    );
  }

  return {
    get size() {
      return known.size;
    },
    add(moduli) {
      const found = new Map<bigint, SharedPrime>();
      const fresh = [...newModuli(moduli, known)];
      for (let start = 0; start < fresh.length; start += chunkSize)
        for (const [prime, shared] of addBatch(new Map(fresh.slice(start, start + chunkSize))))
          found.set(prime, shared);
      return [...found.values()];
    },
  };
}

function newModuli(moduli: readonly Uint8Array[], known: ReadonlyMap<string, bigint>): Map<string, bigint> {
  const fresh = new Map<string, bigint>();
  for (const octets of moduli) {
    const from = octets.findIndex((octet) => octet !== 0);
    const modulus = octets.subarray(Math.max(from, 0));
    if (modulus.length < 64 || modulus.length > 2048 || ((modulus.at(-1) ?? 0) & 1) === 0) continue;
    const id = sha256(modulus);
    if (!known.has(id)) fresh.set(id, fromOctets(modulus));
  }
  return fresh;
}

function sha256(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}

/** Every modulus with one of these factors, by prime; a modulus gives the product of all that it shares. */
function groupByPrime(
  factors: readonly bigint[],
  known: ReadonlyMap<string, bigint>,
): Map<bigint, SharedPrime> {
  const groups = new Map<bigint, SharedPrime>();
  for (const factor of new Set(factors))
    for (const prime of split(factor, known)) {
      const moduli = [...known].filter(([, modulus]) => modulus % prime === 0n).map(([id]) => id);
      if (moduli.length > 1)
        groups.set(prime, { primeBits: bitLength(prime), primeSha256: sha256(toOctets(prime)), moduli });
    }
  return groups;
}

/** A factor that two moduli have as a whole stays; another is parted by what it has in common with some modulus. */
function split(factor: bigint, known: ReadonlyMap<string, bigint>): bigint[] {
  let holders = 0;
  let part = 1n;
  for (const modulus of known.values()) {
    if (modulus % factor === 0n) holders += 1;
    else if (part === 1n) part = gcd(factor, modulus);
    if (holders > 1) return [factor];
  }
  return part === 1n ? [] : [part, factor / part];
}
