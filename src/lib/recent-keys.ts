/** Slots that a key may stand in: together one line of the processor's cache. */
const ways = 4;

/**
 * Remembers which keys were written lately, in a fixed amount of memory (16 bytes a slot). A key is a hash of 128 bits in four words; the
 * first two say what it belongs to, of which one key is remembered. When there are more keys than slots some are forgotten, at random:
 * going round and round over many hosts still finds a good part of them.
 */
export class RecentKeys {
  readonly #words: Uint32Array;
  readonly #mask: number;

  /** `slots` is a power of two, at least 4. */
  constructor(slots: number) {
    this.#words = new Uint32Array(slots * 4);
    this.#mask = slots / ways - 1;
  }

  /** True when this very key is remembered. */
  has(key: Key): boolean {
    const at = this.#find(key);
    return at >= 0 && this.#words[at + 2] === key[2] && this.#words[at + 3] === key[3];
  }

  /** Forgets every key. */
  clear(): void {
    this.#words.fill(0);
  }

  /** Remembers the key in place of what belonged to the same, or in a free slot, or pushes another one out. */
  add(key: Key): void {
    const words = this.#words;
    const first = this.#first(key);
    let at = this.#find(key);
    for (let slot = first; at < 0 && slot < first + ways * 4; slot += 4)
      if (words[slot] === 0 && words[slot + 1] === 0) at = slot;
    if (at < 0) at = first + (key[1] & (ways - 1)) * 4;
    [words[at], words[at + 1], words[at + 2], words[at + 3]] = key;
  }

  #first(key: Key): number {
    return (key[0] & this.#mask) * ways * 4;
  }

  /** Where something of the same first two words stands; -1: nowhere. */
  #find(key: Key): number {
    const words = this.#words;
    const first = this.#first(key);
    for (let slot = first; slot < first + ways * 4; slot += 4)
      if (words[slot] === key[0] && words[slot + 1] === key[1]) return slot;
    return -1;
  }
}

/** Four unsigned 32-bit words. */
export type Key = readonly [number, number, number, number];

/** The first 128 bits of a hash in hex. */
export function keyOfHash(hex: string): Key {
  return [word(hex, 0), word(hex, 8), word(hex, 16), word(hex, 24)];
}

/** 64 bits that depend on the texts, then the first 64 bits of a hash in hex (zeros when it is empty): the slot depends on the texts only. */
export function keyOfPair(texts: readonly string[], hex: string): Key {
  // Two rounds of FNV-1a with different starts, mixed: quick, and nothing depends on its strength.
  let a = 0x811c9dc5;
  let b = 0x01234567;
  for (const text of texts) {
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x85ebca6b);
    }
    // Where one ends tells texts apart as well.
    a = Math.imul(a ^ 0x10000, 0x01000193);
    b = Math.imul(b ^ 0x10000, 0x85ebca6b);
  }
  a ^= a >>> 15;
  // A free slot holds zeros; no key does.
  return [(a ^ b) >>> 0, (b | 1) >>> 0, hex === '' ? 0 : word(hex, 0), hex === '' ? 0 : word(hex, 8)];
}

/** Eight hex digits, in either case, as a number; read by hand, since every certificate of every look comes by here. */
function word(hex: string, at: number): number {
  let value = 0;
  for (let index = at; index < at + 8; index += 1) {
    const code = hex.charCodeAt(index);
    value = (value << 4) | (code <= 57 ? code - 48 : (code & 15) + 9);
  }
  return value >>> 0;
}
