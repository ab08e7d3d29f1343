/** Least room of a block: a drip of single bytes then costs little more than its bytes. */
const blockBytes = 4096;

/**
 * Bytes waiting to be parsed, in blocks. Grows with what has arrived, never with what a peer has announced, and keeps no
 * reference to the chunks it was given (but see {@link lend}).
 */
export class ByteQueue {
  /** All full but the last. */
  #blocks: Buffer[] = [];
  /** Where the first block's bytes begin. */
  #start = 0;
  /** Where the last block's bytes end. */
  #end = 0;
  #length = 0;
  #isLent = false;

  get length(): number {
    return this.#length;
  }

  push(chunk: Uint8Array): void {
    this.settle();
    const last = this.#blocks.at(-1);
    const room = Math.min(chunk.length, last === undefined ? 0 : last.length - this.#end);
    last?.set(chunk.subarray(0, room), this.#end);
    this.#end += room;
    this.#length += chunk.length;
    if (room === chunk.length) return;
    const block = Buffer.allocUnsafe(Math.max(chunk.length - room, blockBytes));
    block.set(chunk.subarray(room));
    this.#blocks.push(block);
    this.#end = chunk.length - room;
  }

  /** As `push`, but reads from the chunk itself where nothing waits before it: what nobody takes is copied by {@link settle}. */
  lend(chunk: Uint8Array): void {
    if (this.#length > 0) return this.push(chunk);
    const view = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#replace(view, chunk.length);
    this.#isLent = true;
  }

  /** To be called before a chunk that was lent is overwritten. */
  settle(): void {
    if (!this.#isLent) return;
    this.#isLent = false;
    const left = this.#blocks[0]?.subarray(this.#start) ?? new Uint8Array(0);
    this.#clear();
    if (left.length > 0) this.push(left);
  }

  /** A view of the first `size` bytes (fewer when there are fewer), valid until the next push. */
  peek(size: number): Buffer {
    const wanted = Math.min(size, this.#length);
    if (this.#blocks.length > 1 && wanted > (this.#blocks[0]?.length ?? 0) - this.#start) this.#merge();
    return this.#blocks[0]?.subarray(this.#start, this.#start + wanted) ?? Buffer.alloc(0);
  }

  /** Removes the first `size` bytes and returns them, valid until the next push. */
  take(size: number): Buffer {
    const view = this.peek(size);
    this.#drop(view.length);
    return view;
  }

  /** As `take`, but what it returns belongs to the caller. */
  takeCopy(size: number): Buffer {
    const copy = Buffer.allocUnsafeSlow(Math.min(size, this.#length));
    for (let at = 0; at < copy.length;) {
      const [block = copy] = this.#blocks;
      const count = Math.min(copy.length - at, this.#length, block.length - this.#start);
      block.copy(copy, at, this.#start, this.#start + count);
      this.#drop(count);
      at += count;
    }
    return copy;
  }

  /** Forgets the first `count` bytes, which all stand in the first block. */
  #drop(count: number): void {
    this.#start += count;
    this.#length -= count;
    if (this.#length === 0) return this.#isLent ? undefined : this.#clear();
    if (this.#start < (this.#blocks[0]?.length ?? 0)) return;
    this.#blocks.shift();
    this.#start = 0;
  }

  /** Makes one block of all, with room for more: whoever looks at all of a drip again and again then rarely copies it. */
  #merge(): void {
    const length = this.#length;
    const merged = Buffer.allocUnsafe(Math.ceil(length * 1.5));
    let at = 0;
    for (const [index, block] of this.#blocks.entries()) {
      const end = index === this.#blocks.length - 1 ? this.#end : block.length;
      at += block.copy(merged, at, index === 0 ? this.#start : 0, end);
    }
    this.#replace(merged, length);
  }

  #replace(block: Buffer, length: number): void {
    this.#blocks = [block];
    this.#start = 0;
    this.#end = this.#length = length;
  }

  #clear(): void {
    this.#blocks = [];
    this.#start = this.#end = this.#length = 0;
  }
}
