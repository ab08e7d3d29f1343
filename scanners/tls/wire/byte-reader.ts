/** A structure ended before its fields did, or went on after them. */
export class ShortReadError extends Error {}

/** Reads the fields of a TLS structure in order; throws {@link ShortReadError} past the end. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  uint(octets: 1 | 2 | 3 | 4): number {
    this.#take(octets);
    return this.#bytes.readUIntBE(this.#at - octets, octets);
  }

  bytes(size: number): Buffer {
    this.#take(size);
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  /** A vector whose length stands before it in 1, 2 or 3 octets. */
  vector(lengthOctets: 1 | 2 | 3): Buffer {
    return this.bytes(this.uint(lengthOctets));
  }

  #take(size: number): void {
    if (size > this.left) throw new ShortReadError(`a field of ${size} bytes has only ${this.left} left`);
    this.#at += size;
  }
}
