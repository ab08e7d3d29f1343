import {
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';

/** How a suite of TLS 1.3 protects records. */
interface Protection {
  readonly hash: 'sha256' | 'sha384';
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
  readonly keyBytes: number;
}

const protections: Readonly<Record<number, Protection>> = {
  0x1301: { hash: 'sha256', cipher: 'aes-128-gcm', keyBytes: 16 },
  0x1302: { hash: 'sha384', cipher: 'aes-256-gcm', keyBytes: 32 },
  0x1303: { hash: 'sha256', cipher: 'chacha20-poly1305', keyBytes: 32 },
};

/** Suites whose records can be opened here. */
export const openableSuites: readonly number[] = Object.keys(protections).map(Number);

/** DER of a SubjectPublicKeyInfo of X25519 (RFC 8410) up to the 32 octets of the key. */
const x25519Prefix = Buffer.from('302a300506032b656e032100', 'hex');

/** An X25519 key pair for one hello; `share` is what goes into key_share. */
export interface KeyShare {
  readonly privateKey: KeyObject;
  readonly share: Uint8Array;
}

/** A fresh {@link KeyShare}. */
export function x25519Share(): KeyShare {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return {
    privateKey,
    share: publicKey.export({ type: 'spki', format: 'der' }).subarray(x25519Prefix.length),
  };
}

/** Opens the server's handshake records in order. */
export type RecordOpener = (header: Uint8Array, body: Uint8Array) => Buffer;

/**
 * The opener of a server's handshake records (RFC 8446 sections 5.2 and 7.1). `transcript` is ClientHello and ServerHello
 * without record headers. It throws on records that were not sealed with these keys; undefined for a suite or key share
 * that is not spoken here.
 */
export function recordOpener(
  suite: number,
  own: KeyShare,
  peerShare: Uint8Array,
  transcript: Uint8Array,
): RecordOpener | undefined {
  const protection = protections[suite];
  if (protection === undefined || peerShare.length !== 32) return undefined;
  const { hash, cipher, keyBytes } = protection;
  const publicKey = createPublicKey({
    key: Buffer.concat([x25519Prefix, peerShare]),
    format: 'der',
    type: 'spki',
  });
  const shared = diffieHellman({ privateKey: own.privateKey, publicKey });
  const size = hash === 'sha256' ? 32 : 48;
  const digest = (bytes: Uint8Array): Buffer => createHash(hash).update(bytes).digest();
  const extract = (salt: Uint8Array, key: Uint8Array): Buffer => createHmac(hash, salt).update(key).digest();
  const early = extract(Buffer.alloc(size), Buffer.alloc(size));
  const derived = expandLabel(hash, early, 'derived', digest(Buffer.alloc(0)), size);
  const secret = expandLabel(hash, extract(derived, shared), 's hs traffic', digest(transcript), size);
  const key = expandLabel(hash, secret, 'key', Buffer.alloc(0), keyBytes);
  const iv = expandLabel(hash, secret, 'iv', Buffer.alloc(0), 12);
  let sequence = 0n;
  return (header, body) => {
    const nonce = Buffer.from(iv);
    nonce.writeBigUInt64BE(nonce.readBigUInt64BE(4) ^ sequence, 4);
    sequence += 1n;
    const sealed = Buffer.from(body.buffer, body.byteOffset, body.length);
    const end = sealed.length - 16;
    const options = { authTagLength: 16 };
    // The three ciphers take the same calls; only the types differ.
    const decipher = createDecipheriv(cipher as 'aes-128-gcm', key, nonce, options);
    decipher.setAAD(header);
    decipher.setAuthTag(sealed.subarray(end));
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
  };
}

/** HKDF-Expand-Label (RFC 8446 section 7.1); one block of the hash is enough for everything here. */
function expandLabel(
  hash: string,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Buffer {
  const name = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = Buffer.concat([
    Buffer.of(length >> 8, length & 255, name.length),
    name,
    Buffer.of(context.length),
    context,
    Buffer.of(1),
  ]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}
