import { createECDH, createHash } from 'node:crypto';
import * as der from '../der-writer.js';

const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** A key on P-256 that its seed determines. */
export interface SeededKey {
  readonly scalar: bigint;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Buffer;
}

const algorithm = der.sequence(der.oid('1.2.840.10045.2.1'), der.oid('1.2.840.10045.3.1.7'));

/** The key of a seed. */
export function seededKey(seed: string): SeededKey {
  const scalar = scalarOf(`key ${seed}`);
  return { scalar, spki: der.sequence(algorithm, der.bitString(pointOf(scalar))) };
}

/** ECDSA with SHA-256, DER. The nonce is derived from key and message, so that the same estate has the same bytes. */
export function signSeeded(message: Uint8Array, { scalar }: SeededKey): Buffer {
  const digest = numberOf(createHash('sha256').update(message).digest());
  const nonce = scalarOf(`nonce ${scalar} ${digest}`);
  const r = numberOf(pointOf(nonce).subarray(1, 33)) % order;
  const s = (inverse(nonce) * (digest + r * scalar)) % order;
  return der.sequence(der.integer(r), der.integer(s));
}

function scalarOf(seed: string): bigint {
  return (numberOf(createHash('sha256').update(seed).digest()) % (order - 1n)) + 1n;
}

function pointOf(scalar: bigint): Buffer {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex'));
  return ecdh.getPublicKey();
}

function numberOf(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** Modulo the order, by the extended Euclidean algorithm. */
function inverse(value: bigint): bigint {
  let [a, b, x, y] = [value, order, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  return ((x % order) + order) % order;
}
