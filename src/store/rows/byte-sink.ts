/** Bytes that grow as values are appended, in the binary forms ClickHouse's format Native uses (little endian, strings with length). */
export class ByteSink {
  #bytes = Buffer.allocUnsafeSlow(4_096);
  #length = 0;

  /** Bytes appended so far. */
  get length(): number {
    return this.#length;
  }

  /** Forgets everything after the first `length` bytes. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** The last eight bytes as a number; 0 when nothing was appended. */
  lastInt64(): number {
    if (this.#length === 0) return 0;
    return (
      this.#bytes.readUInt32LE(this.#length - 8) + this.#bytes.readInt32LE(this.#length - 4) * 4_294_967_296
    );
  }

  /** What was appended, without a copy: it changes with what is appended after a `truncate`. */
  take(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** An unsigned LEB128 number. */
  varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) | 128;
    this.#bytes[this.#length++] = rest;
  }

  /** Text as UTF-8 with its length before it; halves of surrogate pairs, which UTF-8 cannot hold, become U+FFFD. */
  text(value: string): void {
    if (value.length > 127 || !this.#ascii(value)) {
      const length = Buffer.byteLength(value, 'utf8');
      this.varint(length);
      this.#reserve(length);
      this.#length += this.#bytes.write(value, this.#length, length, 'utf8');
    }
  }

  /** Bytes with their length before them. */
  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  uint8(value: number): void {
    this.#reserve(1);
    this.#length = this.#bytes.writeUInt8(value, this.#length);
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.#length = this.#bytes.writeUInt16LE(value, this.#length);
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  /** A signed 64-bit integer from a safe integer. */
  int64(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeUInt32LE(value >>> 0, this.#length);
    this.#length = this.#bytes.writeInt32LE(Math.floor(value / 4_294_967_296), this.#length);
  }

  uint64(value: bigint): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeBigUInt64LE(value, this.#length);
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  /** Appends a short text if it is ASCII, which nearly all are; this way is several times faster than the general one. */
  #ascii(value: string): boolean {
    const length = value.length;
    this.#reserve(length + 1);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = length;
    for (let index = 0; index < length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 127) return false;
      bytes[at++] = code;
    }
    this.#length = at;
    return true;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
