import {
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
} from 'node:crypto';

/** How a suite of TLS 1.3 protects records. */
interface Protection {
  readonly hash: 'sha256' | 'sha384';
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305' | 'aes-128-ccm';
  readonly keyBytes: number;
  readonly tagBytes: number;
}

/** RFC 8446 appendix B.4: every suite of TLS 1.3. */
const protections: Readonly<Record<number, Protection>> = {
  0x1301: { hash: 'sha256', cipher: 'aes-128-gcm', keyBytes: 16, tagBytes: 16 },
  0x1302: { hash: 'sha384', cipher: 'aes-256-gcm', keyBytes: 32, tagBytes: 16 },
  0x1303: { hash: 'sha256', cipher: 'chacha20-poly1305', keyBytes: 32, tagBytes: 16 },
  0x1304: { hash: 'sha256', cipher: 'aes-128-ccm', keyBytes: 16, tagBytes: 16 },
  0x1305: { hash: 'sha256', cipher: 'aes-128-ccm', keyBytes: 16, tagBytes: 8 },
};

/** Suites whose records can be opened here. */
export const openableSuites: readonly number[] = Object.keys(protections).map(Number);

/** A key pair of one group; `share` is what goes into key_share. */
export interface KeyShare {
  readonly group: number;
  readonly privateKey: KeyObject;
  readonly share: Uint8Array;
  /** What stands before a share of this group in the DER of its SubjectPublicKeyInfo. */
  readonly prefix: Uint8Array;
}

/** The groups that can be computed here, and how. */
const generators: ReadonlyMap<number, readonly [shareBytes: number, generate: () => KeyPairKeyObjectResult]> =
  new Map([
    [29, [32, () => generateKeyPairSync('x25519')]],
    [23, [65, () => generateKeyPairSync('ec', { namedCurve: 'P-256' })]],
    [24, [97, () => generateKeyPairSync('ec', { namedCurve: 'P-384' })]],
    [25, [133, () => generateKeyPairSync('ec', { namedCurve: 'P-521' })]],
    [30, [56, () => generateKeyPairSync('x448')]],
  ]);

/** X25519, P-256, P-384, P-521, X448. */
export const computableGroups: readonly number[] = [...generators.keys()];

const made = new Map<number, KeyShare>();

/**
 * A key pair of a group; undefined for one that cannot be computed here. Made once: it protects nothing, for what it opens
 * is what the server shows to everybody.
 */
export function keyShare(group: number): KeyShare | undefined {
  const known = made.get(group);
  const [shareBytes, generate] = generators.get(group) ?? [];
  if (known !== undefined || shareBytes === undefined || generate === undefined) return known;
  const pair = generate();
  // The key itself is the end of a SubjectPublicKeyInfo (RFC 8446 section 4.2.8.2, RFC 8410).
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
  const share = {
    group,
    privateKey: pair.privateKey,
    share: spki.subarray(spki.length - shareBytes),
    prefix: spki.subarray(0, spki.length - shareBytes),
  };
  made.set(group, share);
  return share;
}

/**
 * What stands for the first ClientHello in the transcript after a HelloRetryRequest: a message of type message_hash with
 * its hash (RFC 8446 section 4.4.1). Undefined for a suite that is not spoken here.
 */
export function messageHash(suite: number, clientHello: Uint8Array): Buffer | undefined {
  const hash = protections[suite]?.hash;
  if (hash === undefined) return undefined;
  const digest = createHash(hash).update(clientHello).digest();
  return Buffer.concat([Buffer.of(254, 0, 0, digest.length), digest]);
}

/** Opens the server's handshake records in order. */
export type RecordOpener = (header: Uint8Array, body: Uint8Array) => Buffer;

/**
 * The opener of a server's handshake records (RFC 8446 sections 5.2 and 7.1). `transcript` is every message to ServerHello,
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
  if (protection === undefined || peerShare.length !== own.share.length) return undefined;
  const { hash, cipher, keyBytes, tagBytes } = protection;
  const publicKey = createPublicKey({
    key: Buffer.concat([own.prefix, peerShare]),
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
    const end = sealed.length - tagBytes;
    // All take the same calls in this order, which is the one of CCM; only the types differ.
    const decipher = createDecipheriv(cipher as 'aes-128-ccm', key, nonce, { authTagLength: tagBytes });
    decipher.setAuthTag(sealed.subarray(end));
    decipher.setAAD(header, { plaintextLength: end });
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
