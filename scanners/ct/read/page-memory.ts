/**
 * Memory for bodies, lent again and again: bodies that are each made anew are garbage by the gigabyte, which the collector looks for
 * when it should not, while pages are awaited. What is not touched of a buffer costs nothing.
 */
export interface PageMemory {
  /** At least so many bytes, of any content, in memory of their own. */
  take(bytes: number): Buffer;
  /** Nobody uses the memory any more. */
  give(memory: ArrayBufferLike): void;
  /** True for memory that was taken here, all of which belongs to whoever has it. */
  owns(memory: ArrayBufferLike): boolean;
}

/** Below this memory is made anew, of the very length. */
const least = 32 * 1024;
/** Memory kept to be lent again; what is larger is garbage, unless it is asked for before anybody collected it. */
const mostKept = 16 * 1024 * 1024;

/** No memory yet. */
export function createPageMemory(): PageMemory {
  const free = new Map<number, ArrayBufferLike[]>();
  const owned = new WeakSet<ArrayBufferLike>();
  let large = new WeakRef<ArrayBufferLike>(new ArrayBuffer(0));
  let kept = 0;

  function takeLarge(size: number): ArrayBufferLike | undefined {
    const known = large.deref();
    if (known?.byteLength !== size) return undefined;
    large = new WeakRef(new ArrayBuffer(0));
    return known;
  }

  return {
    take(bytes) {
      if (bytes < least) return Buffer.allocUnsafeSlow(bytes);
      const size = sizeFor(bytes);
      const known = size > mostKept ? takeLarge(size) : free.get(size)?.pop();
      if (known !== undefined) {
        if (size <= mostKept) kept -= size;
        return Buffer.from(known);
      }
      const fresh = Buffer.allocUnsafeSlow(size);
      owned.add(fresh.buffer);
      return fresh;
    },
    give(memory) {
      const size = memory.byteLength;
      if (size < least || size !== sizeFor(size)) return;
      if (size > mostKept) large = new WeakRef(memory);
      if (kept + size > mostKept) return;
      kept += size;
      owned.add(memory);
      const known = free.get(size);
      if (known === undefined) free.set(size, [memory]);
      else known.push(memory);
    },
    owns: (memory) => owned.has(memory),
  };
}

/** Few sizes, so that what one page leaves fits the next: powers of two. */
function sizeFor(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(bytes));
}

/** The memory of all pages of this thread. */
export const pageMemory = createPageMemory();
