import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedCt } from '../support/ct-log-entries.js';

/** Reason to skip a test that needs the CT data beside the repository; false where it is there. */
export const withoutShared: string | false = sharedCt === null && 'needs ../shared/ct';

/** Bytes of a file of the CT data beside the repository. */
export function sharedFile(path: string): Buffer {
  return readFileSync(join(sharedCt ?? '', path));
}

/** JSON of a file of the CT data beside the repository. */
export function sharedJson(path: string): Record<string, unknown> {
  return JSON.parse(sharedFile(path).toString('utf8')) as Record<string, unknown>;
}

/** A small, fast, seeded source of numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `count` damaged copies of `bytes`: cut off, bits flipped, random bytes put in. */
export function* damaged(bytes: Uint8Array, count: number, seed: number): Generator<Buffer> {
  const random = seeded(seed);
  for (let made = 0; made < count; made += 1) {
    const copy = Buffer.from(bytes);
    const kind = made % 3;
    if (kind === 0) yield copy.subarray(0, Math.floor(random() * copy.length));
    else if (copy.length > 0) {
      for (let hits = 0; hits < 1 + (made % 4); hits += 1) {
        const at = Math.floor(random() * copy.length);
        copy[at] = kind === 1 ? copy[at]! ^ (1 << Math.floor(random() * 8)) : Math.floor(random() * 256);
      }
      yield copy;
    }
  }
}
