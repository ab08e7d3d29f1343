import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { fromBase64, readBytes, MalformedError } from './bytes.js';

/** A log's public key and its name. */
export interface LogKey {
  /** Base64 of SHA-256 over the SubjectPublicKeyInfo (RFC 6962 section 3.2). */
  readonly logId: string;
  readonly logIdBytes: Buffer;
  readonly key: KeyObject;
  /** Number in DigitallySigned: 1 RSA, 3 ECDSA. */
  readonly signatureAlgorithm: 1 | 3;
}

/** Reads a log key from base64 of a DER SubjectPublicKeyInfo, as log lists carry it. */
export function loadLogKey(base64: string): LogKey {
  const der = fromBase64(base64, 'log key');
  const key = createKey(der);
  if (key.asymmetricKeyType !== 'ec' && key.asymmetricKeyType !== 'rsa')
    throw new MalformedError(`log key: a log signs with ECDSA or RSA, not ${key.asymmetricKeyType}`);
  const logIdBytes = createHash('sha256').update(der).digest();
  return {
    logId: logIdBytes.toString('base64'),
    logIdBytes,
    key,
    signatureAlgorithm: key.asymmetricKeyType === 'ec' ? 3 : 1,
  };
}

function createKey(der: Buffer): KeyObject {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch (cause) {
    throw new MalformedError('log key: not a SubjectPublicKeyInfo', { cause });
  }
}

/**
 * True when `digitallySigned` (hash u8 = 4 SHA-256, signature u8, opaque u16-length; RFC 5246 section 4.7) is the log's
 * signature over `data`. Bytes of any other form are no signature.
 */
export function verifyDigitallySigned(key: LogKey, data: Uint8Array, digitallySigned: Uint8Array): boolean {
  try {
    const reader = readBytes(digitallySigned, 'DigitallySigned');
    const hashAlgorithm = reader.u8();
    const signatureAlgorithm = reader.u8();
    const signature = reader.vector16();
    reader.end();
    if (hashAlgorithm !== 4 || signatureAlgorithm !== key.signatureAlgorithm) return false;
    return verify('sha256', data, key.key, signature);
  } catch (error) {
    if (error instanceof MalformedError) return false;
    throw error;
  }
}
