import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto';
import {
  children,
  contentOf,
  DerError,
  expectElement,
  readOid,
  readSmallInteger,
  tags,
  type DerElement,
} from '../read/der.js';
import { decryptRc2 } from './rc2.js';

/** More rounds than any tool writes; a file that asks for more only wants to cost time. */
const maxIterations = 3_000_000;

type Decrypt = (password: string, data: Buffer) => Buffer;

/** Key sizes of the old schemes of PKCS #12 (RFC 7292 appendix C). */
const oldSchemes: Readonly<Record<string, { readonly keyBytes: number; readonly cipher: '3des' | 'rc2' }>> = {
  '1.2.840.113549.1.12.1.3': { keyBytes: 24, cipher: '3des' },
  '1.2.840.113549.1.12.1.4': { keyBytes: 16, cipher: '3des' },
  '1.2.840.113549.1.12.1.5': { keyBytes: 16, cipher: 'rc2' },
  '1.2.840.113549.1.12.1.6': { keyBytes: 5, cipher: 'rc2' },
};

const prfs: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

const ciphers: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
};

/**
 * What opens data encrypted as `algorithm` (an AlgorithmIdentifier) says: PBES2 with PBKDF2 (RFC 8018), or PKCS #12's own schemes.
 * The returned function throws for a wrong password. Throws DerError for algorithms that are not known.
 */
export function decryptionOf(bytes: Uint8Array, algorithm: DerElement): Decrypt {
  const [id, parameters] = children(bytes, algorithm);
  if (id === undefined || parameters === undefined) throw new DerError('no algorithm', algorithm.start);
  const oid = readOid(bytes, id);
  if (oid === '1.2.840.113549.1.5.13') return pbes2(bytes, parameters);
  const scheme = oldSchemes[oid];
  if (scheme === undefined) throw new DerError(`encryption ${oid} is not known`, id.start);
  const [salt, count] = children(bytes, parameters);
  if (salt === undefined || count === undefined) throw new DerError('no salt', parameters.start);
  const saltBytes = Buffer.from(contentOf(bytes, salt));
  const iterations = iterationsOf(bytes, count);
  return (password, data) => {
    const key = deriveKey(1, password, saltBytes, iterations, scheme.keyBytes);
    const iv = deriveKey(2, password, saltBytes, iterations, 8);
    if (scheme.cipher === 'rc2') return decryptRc2(key, iv, data);
    const whole = key.length === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : key;
    return open('des-ede3-cbc', whole, iv, data);
  };
}

function pbes2(bytes: Uint8Array, parameters: DerElement): Decrypt {
  const [kdf, scheme] = children(bytes, parameters);
  if (kdf === undefined || scheme === undefined) throw new DerError('no key derivation', parameters.start);
  const [kdfId, kdfParameters] = children(bytes, kdf);
  if (kdfId === undefined || kdfParameters === undefined || readOid(bytes, kdfId) !== '1.2.840.113549.1.5.12')
    throw new DerError('key derivation is not PBKDF2', kdf.start);
  const [salt, count, ...rest] = children(bytes, kdfParameters);
  const [cipherId, iv] = children(bytes, scheme);
  if (salt === undefined || count === undefined || cipherId === undefined || iv === undefined)
    throw new DerError('incomplete parameters', parameters.start);
  const cipher = ciphers[readOid(bytes, cipherId)];
  if (cipher === undefined)
    throw new DerError(`cipher ${readOid(bytes, cipherId)} is not known`, cipherId.start);
  const prfElement = rest.find(({ tag }) => tag === tags.sequence);
  const prf = prfElement === undefined ? 'sha1' : prfOf(bytes, prfElement);
  const iterations = iterationsOf(bytes, count);
  return (password, data) => {
    const key = pbkdf2Sync(password, contentOf(bytes, salt), iterations, cipher.keyBytes, prf);
    return open(cipher.name, key, Buffer.from(contentOf(bytes, iv)), data);
  };
}

function prfOf(bytes: Uint8Array, element: DerElement): string {
  const oid = readOid(bytes, expectElement(bytes, tags.oid, element.contentStart, element.end));
  const prf = prfs[oid];
  if (prf === undefined) throw new DerError(`pseudo-random function ${oid} is not known`, element.start);
  return prf;
}

function iterationsOf(bytes: Uint8Array, count: DerElement): number {
  const iterations = readSmallInteger(bytes, count);
  if (iterations < 1 || iterations > maxIterations)
    throw new DerError(`${iterations} rounds of key derivation`, count.start);
  return iterations;
}

function open(cipher: string, key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const decipher = createDecipheriv(cipher, key, iv);
  return Buffer.concat([decipher.update(data), decipher.final()]);
}

/** RFC 7292 appendix B.2 with SHA-1: purpose 1 is a key, 2 an initialisation vector. */
export function deriveKey(
  purpose: 1 | 2,
  password: string,
  salt: Buffer,
  iterations: number,
  length: number,
): Buffer {
  const block = 64;
  const repeated = (bytes: Buffer): Buffer =>
    Buffer.alloc(block * Math.ceil(bytes.length / block), bytes.length === 0 ? 0 : bytes);
  const diversifier = Buffer.alloc(block, purpose);
  let input = Buffer.concat([repeated(salt), repeated(Buffer.from(`${password}\0`, 'utf16le').swap16())]);
  const blocks: Buffer[] = [];
  for (let made = 0; made < length; made += 20) {
    let hash = createHash('sha1').update(diversifier).update(input).digest();
    for (let n = 1; n < iterations; n += 1) hash = createHash('sha1').update(hash).digest();
    blocks.push(hash);
    const addend = BigInt(`0x${Buffer.alloc(block, hash).toString('hex')}`) + 1n;
    input = Buffer.concat(chunks(input, block).map((chunk) => sum(chunk, addend)));
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function chunks(bytes: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: bytes.length / size }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
}

/** `chunk` plus `addend`, modulo 2^(8 * its length). */
function sum(chunk: Buffer, addend: bigint): Buffer {
  const bits = BigInt(chunk.length * 8);
  const total = BigInt.asUintN(Number(bits), BigInt(`0x${chunk.toString('hex')}`) + addend);
  return Buffer.from(total.toString(16).padStart(chunk.length * 2, '0'), 'hex');
}
