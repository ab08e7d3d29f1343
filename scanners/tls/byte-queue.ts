const nothing = Buffer.alloc(0);

/**
 * Bytes waiting to be parsed. Grows with what has arrived, never with what a peer has announced, and keeps no reference
 * to the chunks it was given (but see {@link lend}).
 */
export class ByteQueue {
  #buffer: Buffer = nothing;
  #start = 0;
  #end = 0;
  #isLent = false;

  get length(): number {
    return this.#end - this.#start;
  }

  push(chunk: Uint8Array): void {
    if (this.#isLent || this.#end + chunk.length > this.#buffer.length) {
      const kept = this.peek(this.length);
      const roomy = Buffer.allocUnsafe(Math.max((kept.length + chunk.length) * 2, 512));
      roomy.set(kept);
      this.#buffer = roomy;
      this.#end = kept.length;
      this.#start = 0;
      this.#isLent = false;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** As `push`, but reads from the chunk itself where nothing waits before it: what nobody takes is copied by {@link settle}. */
  lend(chunk: Uint8Array): void {
    if (this.length > 0) return this.push(chunk);
    this.#buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#start = 0;
    this.#end = chunk.length;
    this.#isLent = true;
  }

  /** To be called before a chunk that was lent is overwritten. */
  settle(): void {
    if (!this.#isLent) return;
    if (this.length > 0) return this.push(nothing);
    this.#buffer = nothing;
    this.#start = this.#end = 0;
    this.#isLent = false;
  }

  /** A view of the first `size` bytes (fewer when there are fewer), valid until the next push. */
  peek(size: number): Buffer {
    return this.#buffer.subarray(this.#start, Math.min(this.#start + size, this.#end));
  }

  /** Removes the first `size` bytes and returns them, valid until the next push. */
  take(size: number): Buffer {
    const view = this.peek(size);
    this.#start += view.length;
    return view;
  }
}
