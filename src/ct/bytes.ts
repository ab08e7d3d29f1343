/** Bytes that break the rules of a CT structure; the message says which rule. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError';
}

/** A cursor over big-endian TLS presentation bytes (RFC 8446 section 3); every read past the end throws {@link MalformedError}. */
export interface ByteReader {
  position(): number;
  left(): number;
  u8(): number;
  u16(): number;
  u24(): number;
  /** A 64-bit number; values above 2^53 - 1 are refused, for no size or time of a log is so large. */
  u64(): number;
  take(length: number): Buffer;
  /** opaque<0..2^16-1> */
  vector16(): Buffer;
  /** opaque<0..2^24-1> */
  vector24(): Buffer;
  /** Throws when bytes are left over. */
  end(): void;
}

/** Starts reading `bytes`; `what` names the structure in errors. Returned buffers share memory with `bytes`. */
export function readBytes(bytes: Uint8Array, what: string): ByteReader {
  const buffer = asBuffer(bytes);
  let at = 0;
  function advance(length: number): number {
    if (length > buffer.length - at) throw new MalformedError(`${what}: ends after ${buffer.length} bytes`);
    at += length;
    return at - length;
  }
  function take(length: number): Buffer {
    const start = advance(length);
    return buffer.subarray(start, start + length);
  }
  const u8 = (): number => buffer.readUInt8(advance(1));
  const u16 = (): number => buffer.readUInt16BE(advance(2));
  const u24 = (): number => buffer.readUIntBE(advance(3), 3);
  return {
    position: () => at,
    left: () => buffer.length - at,
    u8,
    u16,
    u24,
    u64: () => u64At(buffer, advance(8), what),
    take,
    vector16: () => take(u16()),
    vector24: () => take(u24()),
    end: () => {
      if (at !== buffer.length) throw new MalformedError(`${what}: ${buffer.length - at} trailing bytes`);
    },
  };
}

/** The 16-bit number at `at`; bytes past the end count as 0. The hot path: Buffer's own methods cost ten times as much. */
export function u16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** The 24-bit number at `at`; bytes past the end count as 0. */
export function u24At(bytes: Uint8Array, at: number): number {
  return (u16At(bytes, at) << 8) | (bytes[at + 2] ?? 0);
}

/** The 64-bit number at `at`, which must fit into 2^53 - 1; bytes past the end count as 0. */
export function u64At(bytes: Uint8Array, at: number, what: string): number {
  const high = u16At(bytes, at) * 0x1_0000 + u16At(bytes, at + 2);
  const value = high * 0x1_0000_0000 + u16At(bytes, at + 4) * 0x1_0000 + u16At(bytes, at + 6);
  if (!Number.isSafeInteger(value)) throw new MalformedError(`${what}: 64-bit value too large`);
  return value;
}

/** A log's time; one beyond all calendars is the last there is. */
export function dateOf(timestampMs: number): Date {
  return new Date(Math.min(timestampMs, 8.64e15));
}

/** The same memory as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Strict base64 (RFC 4648 section 4, padded); anything else throws {@link MalformedError}. */
export function fromBase64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new MalformedError(`${what}: not base64`);
  return bytes;
}
