/**
 * A random order of 0 .. size-1 that needs no memory: element n of the order is computed from n alone, so a walk resumes
 * from one number and is split over shards by taking every n-th. It is the generalised Feistel network of Black and
 * Rogaway, "Ciphers with Arbitrary Finite Domains" (2002), section 5, with cycle walking.
 *
 * `size` up to 2^48; `seed` any unsigned 32-bit number, another seed gives another order.
 */
export function permutation(size: number, seed: number): (index: number) => number {
  const a = Math.max(1, Math.ceil(Math.sqrt(size)));
  const b = Math.max(1, Math.ceil(size / a));
  const keys = Array.from({ length: rounds }, (_, round) => mix(seed ^ Math.imul(round + 1, 0x9e3779b9)));
  function encrypt(value: number): number {
    let left = value % a;
    let right = Math.floor(value / a);
    for (let round = 0; round < rounds; round += 1) {
      const next = (left + mix(right ^ (keys[round] ?? 0))) % (round % 2 === 0 ? a : b);
      left = right;
      right = next;
    }
    return a * right + left;
  }
  return (index) => {
    let value = encrypt(index);
    while (value >= size) value = encrypt(value);
    return value;
  };
}

/** An even number, so that both halves end where they began. */
const rounds = 4;

/** A bijective scramble of 32 bits (the finaliser of MurmurHash3), as an unsigned number. */
function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
