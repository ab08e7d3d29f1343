import { createHash } from 'node:crypto';
import type { LogEntryInput } from './ct-log-entries.js';
import { MerkleTree } from './ct-log-tree.js';

/** The entries of a loopback log in every form it serves, and their tree. */
export class LogBook {
  readonly tree = new MerkleTree();
  readonly leafInputs: Buffer[] = [];
  readonly extraData: Buffer[] = [];
  /** TileLeaf of each entry (C2SP static-ct-api). */
  readonly tileLeaves: Buffer[] = [];
  /** Issuer certificates by lower-case hex SHA-256. */
  readonly issuers = new Map<string, Buffer>();
  private readonly leafIndexExtension: boolean;

  constructor(leafIndexExtension: boolean) {
    this.leafIndexExtension = leafIndexExtension;
  }

  get size(): number {
    return this.leafInputs.length;
  }

  append(entry: LogEntryInput, timestampMs: number): void {
    const extensions = this.leafIndexExtension ? leafIndex(this.size) : Buffer.alloc(0);
    const leafInput =
      entry.kind === 'raw'
        ? Buffer.from(entry.leafInput)
        : Buffer.concat([Buffer.alloc(2), timestampedEntry(entry, timestampMs, extensions)]);
    this.leafInputs.push(leafInput);
    this.extraData.push(entry.kind === 'raw' ? Buffer.from(entry.extraData) : extraDataOf(entry));
    this.tileLeaves.push(entry.kind === 'raw' ? leafInput : this.tileLeaf(entry, leafInput.subarray(2)));
    this.tree.append(leafInput);
  }

  private tileLeaf(entry: Exclude<LogEntryInput, { kind: 'raw' }>, timestamped: Buffer): Buffer {
    for (const issuer of entry.chain) this.issuers.set(sha256(issuer).toString('hex'), Buffer.from(issuer));
    const hashes =
      entry.kind === 'precertificate' && entry.chainHashes ? entry.chainHashes : entry.chain.map(sha256);
    const precertificate =
      entry.kind === 'precertificate' ? vector(3, entry.precertificate) : Buffer.alloc(0);
    return Buffer.concat([timestamped, precertificate, vector(2, Buffer.concat(hashes))]);
  }
}

/** opaque with a length of `lengthBytes`. */
export function vector(lengthBytes: number, bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(bytes.length, 0, lengthBytes);
  return Buffer.concat([length, bytes]);
}

function timestampedEntry(
  entry: Exclude<LogEntryInput, { kind: 'raw' }>,
  timestampMs: number,
  extensions: Buffer,
): Buffer {
  const header = Buffer.alloc(10);
  header.writeBigUInt64BE(BigInt(timestampMs));
  header.writeUInt16BE(entry.kind === 'x509' ? 0 : 1, 8);
  return entry.kind === 'x509'
    ? Buffer.concat([header, vector(3, entry.certificate), vector(2, extensions)])
    : Buffer.concat([header, entry.issuerKeyHash, vector(3, entry.tbs), vector(2, extensions)]);
}

function extraDataOf(entry: Exclude<LogEntryInput, { kind: 'raw' }>): Buffer {
  const chain = vector(3, Buffer.concat(entry.chain.map((issuer) => vector(3, issuer))));
  return entry.kind === 'x509' ? chain : Buffer.concat([vector(3, entry.precertificate), chain]);
}

function leafIndex(index: number): Buffer {
  const extension = Buffer.from([0, 0, 5, 0, 0, 0, 0, 0]);
  extension.writeUIntBE(index, 3, 5);
  return extension;
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
