import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A loopback log's key pair and the names that follow from it. */
export interface LogSigner {
  readonly privateKey: KeyObject;
  /** Base64 of the DER SubjectPublicKeyInfo. */
  readonly key: string;
  readonly logIdBytes: Buffer;
  readonly logId: string;
}

/** A head to be signed; faults change it before that. */
export interface Head {
  readonly size: number;
  readonly timestampMs: number;
  readonly root: Buffer;
}

/** A new P-256 log key, or the one given (PKCS#8). */
export function makeLogSigner(privateKey: KeyObject = newKey()): LogSigner {
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const logIdBytes = createHash('sha256').update(der).digest();
  return { privateKey, key: der.toString('base64'), logIdBytes, logId: logIdBytes.toString('base64') };
}

function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
}

/** DigitallySigned over the tree head structure (RFC 6962 section 3.5). */
export function signHead(head: Head, signer: LogSigner): Buffer {
  const input = Buffer.alloc(50);
  input[1] = 1;
  input.writeBigUInt64BE(BigInt(head.timestampMs), 2);
  input.writeBigUInt64BE(BigInt(head.size), 10);
  head.root.copy(input, 18);
  const signature = sign('sha256', input, signer.privateKey);
  return Buffer.concat([Buffer.from([4, 3, signature.length >> 8, signature.length & 0xff]), signature]);
}

/** The JSON answer of get-sth. */
export function sthJson(head: Head, signature: Buffer): string {
  return JSON.stringify({
    tree_size: head.size,
    timestamp: head.timestampMs,
    sha256_root_hash: head.root.toString('base64'),
    tree_head_signature: signature.toString('base64'),
  });
}

/** A checkpoint with the log's own signature among lines that a reader must ignore, as real logs serve them. */
export function checkpointText(head: Head, signature: Buffer, origin: string, signer: LogSigner): string {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(head.timestampMs));
  const keyId = createHash('sha256')
    .update(Buffer.concat([Buffer.from(`${origin}\n\u0005`), signer.logIdBytes]))
    .digest()
    .subarray(0, 4);
  const line = (name: string, bytes: Buffer): string => `\u2014 ${name} ${bytes.toString('base64')}\n`;
  return [
    `${origin}\n${head.size}\n${head.root.toString('base64')}\n\n`,
    line('grease.invalid', Buffer.alloc(40, 7)),
    line(origin, Buffer.concat([Buffer.from([1, 2, 3, 4]), Buffer.alloc(64, 9)])),
    line(origin, Buffer.concat([keyId, time, signature])),
    line('witness.example/w1', Buffer.alloc(76, 5)),
  ].join('');
}
