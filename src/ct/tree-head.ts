import { fromBase64, MalformedError } from './bytes.js';
import { hashBytes } from './merkle.js';
import { verifyDigitallySigned, type LogKey } from './log-key.js';

/** What a log signed of its tree: a signed tree head (RFC 6962 section 3.5) or the same inside a checkpoint. */
export interface TreeHead {
  readonly treeSize: number;
  readonly timestampMs: number;
  readonly rootHash: Buffer;
  /** The DigitallySigned bytes. */
  readonly signature: Buffer;
}

/** The bytes a log signs: version u8 0 | signature_type u8 1 | timestamp u64 | tree_size u64 | root[32]. */
export function treeHeadInput(head: Omit<TreeHead, 'signature'>): Buffer {
  const input = Buffer.alloc(50);
  input.writeUInt8(1, 1);
  input.writeBigUInt64BE(BigInt(head.timestampMs), 2);
  input.writeBigUInt64BE(BigInt(head.treeSize), 10);
  head.rootHash.copy(input, 18);
  return input;
}

/** True when the log's key signed this head. */
export function verifyTreeHead(head: TreeHead, key: LogKey): boolean {
  return verifyDigitallySigned(key, treeHeadInput(head), head.signature);
}

/** Reads the JSON answer of get-sth (RFC 6962 section 4.3); the signature is not checked yet. */
export function parseSignedTreeHead(json: string): TreeHead {
  const value = parseObject(json, 'get-sth answer');
  const rootHash = fromBase64(textOf(value['sha256_root_hash'], 'sha256_root_hash'), 'sha256_root_hash');
  if (rootHash.length !== hashBytes) throw new MalformedError(`sha256_root_hash: ${rootHash.length} bytes`);
  return {
    treeSize: countOf(value['tree_size'], 'tree_size'),
    timestampMs: countOf(value['timestamp'], 'timestamp'),
    rootHash,
    signature: fromBase64(textOf(value['tree_head_signature'], 'tree_head_signature'), 'tree_head_signature'),
  };
}

/** A head as get-sth would serve it: the form evidence and saved state keep it in. */
export function toSignedTreeHead(head: TreeHead): Readonly<Record<string, string | number>> {
  return {
    tree_size: head.treeSize,
    timestamp: head.timestampMs,
    sha256_root_hash: head.rootHash.toString('base64'),
    tree_head_signature: head.signature.toString('base64'),
  };
}

/** Parses JSON that must be an object; throws {@link MalformedError}. */
export function parseObject(json: string, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new MalformedError(`${what}: not JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedError(`${what}: not an object`);
  return value as Record<string, unknown>;
}

/** A JSON value that must be text. */
export function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new MalformedError(`${what}: not text`);
  return value;
}

/** A JSON value that must be a count or a time: a whole number from 0 to 2^53 - 1. */
export function countOf(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new MalformedError(`${what}: not a whole number`);
  return value;
}

/** A JSON value that must be an array of base64 hashes of 32 bytes. */
export function hashesOf(value: unknown, what: string): Buffer[] {
  if (!Array.isArray(value) || value.length > 128) throw new MalformedError(`${what}: not a list of hashes`);
  return value.map((item: unknown) => {
    const hash = fromBase64(textOf(item, what), what);
    if (hash.length !== hashBytes) throw new MalformedError(`${what}: a hash of ${hash.length} bytes`);
    return hash;
  });
}
