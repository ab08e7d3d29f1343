import { createGunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';

/**
 * The whole body, at most `maxBytes` both as sent and after decompression. A compressed answer is an error unless `gzip` was asked
 * for. On failure the connection is closed.
 */
export async function readBody(
  answer: Dispatcher.ResponseData,
  maxBytes: number,
  gzip: boolean,
): Promise<Uint8Array> {
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  try {
    if (Number(answer.headers['content-length'] ?? 0) > maxBytes) throw tooLong(maxBytes);
    if (encoding === 'identity') return await gather(answer.body, maxBytes);
    if (!gzip || encoding !== 'gzip')
      throw new Error('the answer is compressed although plain bytes were asked for');
    return await gunzip(answer.body, maxBytes);
  } catch (error) {
    answer.body.on('error', ignoreAfterFailure).destroy();
    throw error;
  }
}

async function gunzip(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<Uint8Array> {
  const plain = createGunzip();
  body.once('error', (error: Error) => plain.destroy(error)).pipe(plain);
  try {
    return await gather(plain, maxBytes);
  } finally {
    plain.on('error', ignoreAfterFailure).destroy();
  }
}

async function gather(chunks: AsyncIterable<Buffer>, maxBytes: number): Promise<Uint8Array> {
  const kept: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxBytes) throw tooLong(maxBytes);
    kept.push(chunk);
  }
  return Buffer.concat(kept, length);
}

function tooLong(maxBytes: number): Error {
  return new Error(`the answer is longer than ${maxBytes} bytes`);
}

/** The failure was already thrown; the destroyed stream has nothing to add. */
function ignoreAfterFailure(): void {}
