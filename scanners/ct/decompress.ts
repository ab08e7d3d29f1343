import { promisify } from 'node:util';
import {
  brotliDecompress,
  brotliDecompressSync,
  gunzip,
  gunzipSync,
  inflate,
  inflateRawSync,
  inflateSync,
} from 'node:zlib';
import { MalformedError } from '../../src/ct/bytes.js';
import type { ContentEncoding } from './http.js';

/** Output is made room for at once up to this size, whatever the trailer promises. */
const largestGuess = 4 * 1024 * 1024;

/** The body as it was before compression, at most `maxBytes`: for pages, in a thread of their own. Throws {@link MalformedError}. */
export function decompressSync(bytes: Buffer, encoding: ContentEncoding, maxBytes: number): Buffer {
  const limit = { maxOutputLength: maxBytes };
  try {
    if (encoding === 'gzip') return inflateGzip(bytes, maxBytes);
    if (encoding === 'deflate') return inflateSync(bytes, limit);
    return encoding === 'br' ? brotliDecompressSync(bytes, limit) : bytes;
  } catch (cause) {
    throw broken('body', encoding, maxBytes, cause);
  }
}

const decompressors = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

/** As {@link decompressSync}, without holding up the event loop; `what` names the body in errors. */
export async function decompress(
  { body, encoding }: { readonly body: Buffer; readonly encoding: ContentEncoding },
  maxBytes: number,
  what: string,
): Promise<Buffer> {
  if (encoding === 'identity') return body;
  try {
    return await decompressors[encoding](body, { maxOutputLength: maxBytes });
  } catch (cause) {
    throw broken(what, encoding, maxBytes, cause);
  }
}

function broken(what: string, encoding: string, maxBytes: number, cause: unknown): MalformedError {
  return new MalformedError(`${what}: ${encoding} broken or over ${maxBytes} bytes`, { cause });
}

/**
 * Decompresses gzip (RFC 1952). For one member with the usual header the CRC is left out, a quarter of the work: whatever
 * matters in a page is hashed to a signed root afterwards.
 */
function inflateGzip(bytes: Buffer, maxBytes: number): Buffer {
  const limit = { maxOutputLength: maxBytes };
  if (bytes.length < 18 || bytes.readUInt32BE(0) !== plainHeader) return gunzipSync(bytes, limit);
  const promised = bytes.readUInt32LE(bytes.length - 4);
  const chunkSize = Math.min(Math.max(promised + 64, 16 * 1024), largestGuess, maxBytes);
  const whole = inflateRawSync(bytes.subarray(10, -8), { ...limit, chunkSize });
  // Another length means more members than one.
  return whole.length === promised ? whole : gunzipSync(bytes, limit);
}

/** ID1, ID2, CM = deflate, no flags. */
const plainHeader = 0x1f8b0800;
