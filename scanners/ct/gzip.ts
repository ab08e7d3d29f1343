import { gunzipSync, inflateRawSync } from 'node:zlib';
import { MalformedError } from '../../src/ct/bytes.js';

/** Output is made room for at once up to this size, whatever the trailer promises. */
const largestGuess = 4 * 1024 * 1024;

/**
 * Decompresses one gzip member (RFC 1952), at most `maxBytes`. For the usual header the CRC is left out, a quarter of the
 * work: whatever matters in a page is hashed to a signed root afterwards. Throws {@link MalformedError}.
 */
export function inflateGzip(bytes: Buffer, maxBytes: number): Buffer {
  try {
    if (bytes.length < 18 || bytes.readUInt32BE(0) !== plainHeader)
      return gunzipSync(bytes, { maxOutputLength: maxBytes });
    const promised = bytes.readUInt32LE(bytes.length - 4);
    const chunkSize = Math.min(Math.max(promised + 64, 16 * 1024), largestGuess, maxBytes);
    return inflateRawSync(bytes.subarray(10, -8), { maxOutputLength: maxBytes, chunkSize });
  } catch (cause) {
    throw new MalformedError(`gzip body broken or over ${maxBytes} bytes`, { cause });
  }
}

/** ID1, ID2, CM = deflate, no flags. */
const plainHeader = 0x1f8b0800;
