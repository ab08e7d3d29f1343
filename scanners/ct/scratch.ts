/**
 * Memory for bodies whose length nobody announced, lent again and again: bodies collected piece by piece, and given up when they
 * grow too large, would leave garbage that lives until the next full collection. What is not touched of a buffer costs nothing.
 */
export interface Scratch {
  /** So many bytes, of any content. */
  take(bytes: number): Buffer;
  /** Nobody uses the buffer any more. */
  give(buffer: Buffer): void;
}

/** Buffers of one length kept to be lent again, as long as the garbage collector lets them be. */
const most = 8;

/** No buffers yet. */
export function createScratch(): Scratch {
  const free = new Map<number, WeakRef<Buffer>[]>();
  return {
    take(bytes) {
      const known = free.get(bytes) ?? [];
      for (let last = known.pop(); last !== undefined; last = known.pop()) {
        const buffer = last.deref();
        if (buffer !== undefined) return buffer;
      }
      return Buffer.allocUnsafeSlow(bytes);
    },
    give(buffer) {
      const known = free.get(buffer.length) ?? [];
      free.set(buffer.length, [...known.slice(1 - most), new WeakRef(buffer)]);
    },
  };
}
