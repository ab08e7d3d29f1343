/** Which watched names a certificate name may concern. */
export interface SuffixTable {
  /**
   * Items that are the name itself or one of its parents, or that a wildcard in the name may cover; `name` as normalised names
   * are. Callers check each candidate; no item that concerns the name is missing, some may come twice. There can be as many as
   * there are items (`x*.com`).
   */
  candidates(name: string): Iterable<number>;
  /** As `candidates(name).length > 0` for the bytes of a name, in any case; 'unusual' when they hold other than a-z 0-9 . - _ *. */
  mayContain(bytes: Uint8Array, start: number, end: number): boolean | 'unusual';
}

/** A byte as it is compared: letters in lower case, 0 when it does not belong into a host name. */
const fold = new Uint8Array(256);
for (const char of 'abcdefghijklmnopqrstuvwxyz0123456789-_.*') {
  fold[char.charCodeAt(0)] = char.charCodeAt(0);
  fold[char.toUpperCase().charCodeAt(0)] = char.charCodeAt(0);
}
const dot = 0x2e;
const star = 0x2a;
const seed = 0x811c9dc5 | 0;

/**
 * A hash table of watched names. Each is filed under itself, and under its parents for wildcards. A name is looked up by one
 * hash that runs from its last byte to its first and is tried at every dot, so the cost does not grow with the number of items.
 */
export function createSuffixTable(items: readonly string[]): SuffixTable {
  const own = new Map<string, number[]>();
  const parents = new Map<string, number[]>();
  items.forEach((item, index) => {
    addTo(own, item, index);
    for (const parent of parentsOf(item)) addTo(parents, parent, index);
  });
  const ownHashes = hashSet(own.keys());
  const parentHashes = hashSet(parents.keys());
  return {
    *candidates(name) {
      for (const suffix of [name, ...parentsOf(name)]) yield* own.get(suffix) ?? [];
      const wild = Math.max(name.lastIndexOf('*'), name.lastIndexOf('?'));
      const end = name.indexOf('.', wild);
      if (wild >= 0) yield* parents.get(end < 0 ? '' : name.slice(end + 1)) ?? [];
    },
    mayContain: (bytes, start, end) => lookUp(bytes, start, end, ownHashes, parentHashes),
  };
}

function addTo(map: Map<string, number[]>, key: string, index: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [index]);
  else known.push(index);
}

/** The name without its first label, without its first two, ... and nothing at all. */
function* parentsOf(name: string): Generator<string> {
  for (let at = name.indexOf('.'); at >= 0; at = name.indexOf('.', at + 1)) yield name.slice(at + 1);
  yield '';
}

function lookUp(
  bytes: Uint8Array,
  start: number,
  end: number,
  own: HashSet,
  parents: HashSet,
): boolean | 'unusual' {
  let hash = seed;
  let wild = false;
  let at = end - 1;
  while (at >= start && bytes[at] === dot) at -= 1;
  let parentHash = seed;
  for (; at >= start; at -= 1) {
    const byte = fold[bytes[at] ?? 0] ?? 0;
    if (byte === 0) return 'unusual';
    if (byte === dot) {
      if (has(own, hash)) return true;
      if (wild) break;
      parentHash = hash;
    } else if (byte === star) wild = true;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return wild ? wildMatch(bytes, start, at, parentHash, parents) : hash !== seed && has(own, hash);
}

/** The rightmost label with a wildcard ends where `parentHash` was taken; what is left of it only has to be usual. */
function wildMatch(
  bytes: Uint8Array,
  start: number,
  last: number,
  parentHash: number,
  parents: HashSet,
): boolean | 'unusual' {
  for (let at = last; at >= start; at -= 1) if (fold[bytes[at] ?? 0] === 0) return 'unusual';
  return has(parents, parentHash);
}

/**
 * Hashes to be looked up: slots with open addressing, a quarter full at most, in which 0 marks an empty one, and before them
 * a bit map small enough for the processor's cache, which answers nine of ten look-ups that fail.
 */
interface HashSet {
  readonly bits: Uint32Array;
  readonly slots: Int32Array;
}

function hashSet(keys: Iterable<string>): HashSet {
  const hashes = [...new Set([...keys].map(hashOf))];
  let size = 16;
  while (size < hashes.length * 4) size *= 2;
  const slots = new Int32Array(size);
  const bits = new Uint32Array(size / 16);
  for (const hash of hashes) {
    const mixed = mix(hash);
    let at = mixed & (size - 1);
    while (slots[at] !== 0) at = (at + 1) & (size - 1);
    slots[at] = hash;
    const word = (mixed >>> 5) & (bits.length - 1);
    bits[word] = (bits[word] ?? 0) | (1 << mixed);
  }
  return { bits, slots };
}

/** Never 0. */
function hashOf(key: string): number {
  let hash = seed;
  for (let at = key.length - 1; at >= 0; at -= 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash === 0 ? 1 : hash;
}

function has({ bits, slots }: HashSet, hash: number): boolean {
  const wanted = hash === 0 ? 1 : hash;
  const mixed = mix(wanted);
  const word = bits[(mixed >>> 5) & (bits.length - 1)] ?? 0;
  return ((word >>> mixed) & 1) === 1 && hasSlot(slots, wanted, mixed);
}

function hasSlot(slots: Int32Array, wanted: number, mixed: number): boolean {
  const mask = slots.length - 1;
  for (let at = mixed & mask; ; at = (at + 1) & mask) {
    const found = slots[at];
    if (found === wanted) return true;
    if (found === 0) return false;
  }
}

function mix(hash: number): number {
  return hash ^ (hash >>> 15);
}
