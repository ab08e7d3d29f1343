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
import { MalformedError } from '../../../src/ct/bytes.js';
import type { ContentEncoding } from '../read/http.js';

/** A body that is, or would be when unpacked, larger than it may be. */
export class OversizeError extends MalformedError {}

/** Output that is always made room for, whatever the trailer promises. */
const usualBytes = 4 * 1024 * 1024;

/** The body as it was before compression, at most `maxBytes`: for pages, in a thread of their own. Throws {@link MalformedError}. */
export function decompressSync(bytes: Buffer, encoding: ContentEncoding, maxBytes: number): Buffer {
  // Nobody asks for other codings than gzip, whose output alone is announced.
  const limit = { maxOutputLength: Math.min(maxBytes, usualBytes) };
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
  if (cause instanceof OversizeError) return cause;
  return cause instanceof RangeError
    ? new OversizeError(`${what}: over ${maxBytes} bytes when unpacked`, { cause })
    : new MalformedError(`${what}: ${encoding} is broken`, { cause });
}

/**
 * Decompresses gzip (RFC 1952). The trailer tells the length, and is held to it, so that a bomb is known before it goes off;
 * several members, of which only the last is told of, may give the usual size. For one member with the usual header the CRC is
 * left out, a quarter of the work: whatever matters in a page is hashed to a signed root afterwards.
 */
function inflateGzip(bytes: Buffer, maxBytes: number): Buffer {
  const promised = bytes.length < 18 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  if (promised > maxBytes) throw new OversizeError(`body: ${promised} bytes when unpacked`);
  const limit = { maxOutputLength: Math.min(maxBytes, Math.max(promised, usualBytes)) };
  if (bytes.length < 18 || bytes.readUInt32BE(0) !== plainHeader) return gunzipSync(bytes, limit);
  const chunkSize = Math.min(Math.max(promised + 64, 16 * 1024), usualBytes, maxBytes);
  const whole = inflateRawSync(bytes.subarray(10, -8), { ...limit, chunkSize });
  // Another length means more members than one.
  return whole.length === promised ? whole : gunzipSync(bytes, limit);
}

/** ID1, ID2, CM = deflate, no flags. */
const plainHeader = 0x1f8b0800;
