/**
 * Remembers which keys were written lately, in a fixed amount of memory (16 bytes a slot). A key is a hash of 128 bits in four words;
 * the first says in which slot it stands, where it pushes out what stood there. So when there are more keys than slots some are
 * forgotten, at random: going round and round over many hosts still finds most of them.
 */
export class RecentKeys {
  readonly #words: Uint32Array;
  readonly #mask: number;

  /** `slots` is a power of two. */
  constructor(slots: number) {
    this.#words = new Uint32Array(slots * 4);
    this.#mask = slots - 1;
  }

  /** True when this very key stands in its slot. */
  has(key: Key): boolean {
    const at = (key[0] & this.#mask) * 4;
    const words = this.#words;
    return (
      words[at] === key[0] && words[at + 1] === key[1] && words[at + 2] === key[2] && words[at + 3] === key[3]
    );
  }

  /** Forgets every key. */
  clear(): void {
    this.#words.fill(0);
  }

  /** Puts the key into its slot. */
  add(key: Key): void {
    this.#words.set(key, (key[0] & this.#mask) * 4);
  }
}

/** Four unsigned 32-bit words. */
export type Key = readonly [number, number, number, number];

/** The first 128 bits of a hash in hex. */
export function keyOfHash(hex: string): Key {
  return [word(hex, 0), word(hex, 8), word(hex, 16), word(hex, 24)];
}

/** 64 bits that depend on `text`, then the first 64 bits of a hash in hex (zeros when it is empty): the slot depends on the text only. */
export function keyOfPair(text: string, hex: string): Key {
  // Two rounds of FNV-1a with different starts, mixed: quick, and nothing depends on its strength.
  let a = 0x811c9dc5;
  let b = 0x01234567;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
  }
  a ^= a >>> 15;
  // An empty slot holds zeros; no key does.
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
