import { cityHash128 } from './city-hash.js';

/** Bytes of one block; a client holds a whole block in memory. */
const blockBytes = 1_048_576;
const lz4 = 0x82;
/** Method, compressed and uncompressed size. */
const headBytes = 9;

/**
 * An answer in ClickHouse's compressed blocks (`compress=1`): checksum, method LZ4, sizes, data. The data is one LZ4 sequence of
 * literals, so nothing gets smaller: on loopback bytes are cheap, and clients that ask for this form read no other.
 */
export async function* compressedBlocks(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  for await (const piece of pieces)
    for (let at = 0; at < piece.length; at += blockBytes)
      yield compressedBlock(piece.subarray(at, at + blockBytes));
}

function compressedBlock(bytes: Uint8Array): Buffer {
  const data = Buffer.concat([literals(bytes.length), bytes]);
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(lz4, 0);
  head.writeUInt32LE(headBytes + data.length, 1);
  head.writeUInt32LE(bytes.length, 5);
  const body = Buffer.concat([head, data]);
  const checksum = Buffer.alloc(16);
  const [low, high] = cityHash128(body);
  checksum.writeBigUInt64LE(low, 0);
  checksum.writeBigUInt64LE(high, 8);
  return Buffer.concat([checksum, body]);
}

/** Token of a sequence of literals only: the length in the upper four bits, what is beyond 14 in octets of up to 255. */
function literals(length: number): Buffer {
  if (length < 15) return Buffer.of(length << 4);
  const rest = length - 15;
  return Buffer.concat([Buffer.of(0xf0), Buffer.alloc(Math.floor(rest / 255), 0xff), Buffer.of(rest % 255)]);
}
