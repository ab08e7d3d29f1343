import { bitString, objectId, sequence, unsigned } from './der-writing.js';

/**
 * The SubjectPublicKeyInfo of a public key as SSH writes it (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4), or null
 * for other kinds and malformed ones.
 */
export function sshSpki(blob: Uint8Array): Buffer | null {
  const strings = readStrings(blob);
  const [kind, ...parts] = strings ?? [];
  const [a, b, c, d] = parts;
  switch (kind?.toString('latin1')) {
    case 'ssh-rsa':
      return a === undefined || b === undefined ? null : rsaSpki(b, a);
    case 'ssh-dss':
      return a && b && c && d ? dsaSpki(a, b, c, d) : null;
    case 'ecdsa-sha2-nistp256':
      return ecSpki('1.2.840.10045.3.1.7', b);
    case 'ecdsa-sha2-nistp384':
      return ecSpki('1.3.132.0.34', b);
    case 'ecdsa-sha2-nistp521':
      return ecSpki('1.3.132.0.35', b);
    case 'ssh-ed25519':
      return a?.length === 32 ? sequence(sequence(objectId('1.3.101.112')), bitString(a)) : null;
    default:
      return null;
  }
}

/** The public key of an OpenSSH private key file (openssh-key-v1), which is in clear even where the private one is not; null: none. */
export function opensshPublicBlob(file: Uint8Array): Buffer | null {
  const magic = Buffer.from('openssh-key-v1\0', 'latin1');
  const bytes = Buffer.from(file);
  if (!bytes.subarray(0, magic.length).equals(magic)) return null;
  let at = magic.length;
  const take = (): Buffer | null => {
    const length = at + 4 <= bytes.length ? bytes.readUInt32BE(at) : Infinity;
    if (at + 4 + length > bytes.length) return null;
    at += 4 + length;
    return bytes.subarray(at - length, at);
  };
  // Cipher, key derivation and its options come before the count of keys.
  if (take() === null || take() === null || take() === null) return null;
  at += 4;
  return take();
}

function readStrings(blob: Uint8Array): readonly Buffer[] | null {
  const bytes = Buffer.from(blob);
  const strings: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = at + 4 <= bytes.length ? bytes.readUInt32BE(at) : Infinity;
    if (at + 4 + length > bytes.length) return null;
    strings.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return strings;
}

const nullParameters = Buffer.from([0x05, 0x00]);

function rsaSpki(modulus: Buffer, exponent: Buffer): Buffer {
  const key = sequence(unsigned(modulus), unsigned(exponent));
  return sequence(sequence(objectId('1.2.840.113549.1.1.1'), nullParameters), bitString(key));
}

function dsaSpki(p: Buffer, q: Buffer, g: Buffer, y: Buffer): Buffer {
  const parameters = sequence(unsigned(p), unsigned(q), unsigned(g));
  return sequence(sequence(objectId('1.2.840.10040.4.1'), parameters), bitString(unsigned(y)));
}

function ecSpki(curve: string, point: Buffer | undefined): Buffer | null {
  if (point === undefined || point.length === 0) return null;
  return sequence(sequence(objectId('1.2.840.10045.2.1'), objectId(curve)), bitString(point));
}
