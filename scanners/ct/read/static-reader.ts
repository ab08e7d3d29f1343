import { hash } from 'node:crypto';
import { MalformedError } from '../../../src/ct/bytes.js';
import { maxCheckpointBytes, parseCheckpoint } from '../../../src/ct/checkpoint.js';
import { rangeFromHashes, type CompactRange } from '../../../src/ct/compact-range.js';
import { loadLogKey, type LogKey } from '../../../src/ct/log-key.js';
import type { LogInfo } from '../../../src/ct/log-list.js';
import { consistencyRanges } from '../../../src/ct/proof.js';
import { tilePath, tileWidth } from '../../../src/ct/tile.js';
import { verifyTreeHead } from '../../../src/ct/tree-head.js';
import { createHashTiles, fetchPartialOrFull } from '../decode/hash-tiles.js';
import { UnsignedHead, type LogReader, type SignedHead } from './log-reader.js';
import { retrying, type LogTransport } from './log-transport.js';
import { assertRange } from './range-proof.js';
import { asUnsigned, type ReaderOptions } from './rfc6962-reader.js';

const attempts = 4;
const maxIssuerBytes = 1024 * 1024;

/** Reads a log over static-ct-api (C2SP): checkpoint, data tiles, hash tiles, issuers. */
export function createStaticReader(log: LogInfo, transport: LogTransport, options: ReaderOptions): LogReader {
  const key = loadLogKey(log.key);
  const tiles = createHashTiles(transport);
  /** Largest tree size signed so far: only such partial tiles are asked for as it implies. */
  let signedSize = 0;

  async function head(signal: AbortSignal): Promise<SignedHead> {
    const bytes = await retrying(attempts, signal, () =>
      transport.bytes('checkpoint', maxCheckpointBytes, signal),
    );
    const served = bytes.toString('utf8');
    const signed = { ...readCheckpoint(bytes, log, key), served };
    if (!verifyTreeHead(signed, key)) throw new UnsignedHead('checkpoint: signature does not verify');
    signedSize = Math.max(signedSize, signed.treeSize);
    return signed;
  }

  async function consistency(first: number, second: number, signal: AbortSignal): Promise<Buffer[]> {
    const proof: Buffer[] = [];
    for (const range of consistencyRanges(first, second))
      proof.push(await tiles.rangeHash(range, second, signal));
    return proof;
  }

  async function rangeAt(size: number, signed: SignedHead, signal: AbortSignal): Promise<CompactRange> {
    const range = rangeFromHashes(size, await tiles.edge(size, signed.treeSize, signal));
    await assertRange(range, signed, consistency, signal);
    return range;
  }

  return {
    head,
    consistency,
    rangeAt,
    leafHashAt: (index, signed, signal) =>
      tiles.rangeHash({ start: index, end: index + 1 }, signed.treeSize, signal),
    pageEnd: (start, limit) => Math.min((Math.floor(start / tileWidth) + 1) * tileWidth, limit),
    learned: () => undefined,
    tooLarge: () => false,
    forget: () => tiles.forget(),
    page(start, end, signal) {
      const number = Math.floor(start / tileWidth);
      const firstIndex = number * tileWidth;
      const maxBytes = options.maxBodyBytes;
      const width = Math.min(tileWidth, Math.max(end, signedSize) - firstIndex);
      return fetchPartialOrFull({ level: 'data', number, width }, async (tile) => {
        const { body, encoding } = await transport.page(tilePath(tile), maxBytes, signal);
        return { format: 'data-tile', bytes: body, encoding, maxBytes, firstIndex, width: tile.width };
      });
    },
    issuer: (sha256, signal) =>
      retrying(attempts, signal, async () => {
        const der = await transport.bytes(`issuer/${sha256}`, maxIssuerBytes, signal);
        if (hash('sha256', der, 'hex') === sha256) return der;
        throw new MalformedError(`issuer/${sha256}: other bytes than the fingerprint's`);
      }),
  };
}

function readCheckpoint(bytes: Buffer, { origin }: LogInfo, key: LogKey): ReturnType<typeof parseCheckpoint> {
  try {
    return parseCheckpoint(bytes, origin, key);
  } catch (error) {
    return asUnsigned(error);
  }
}
