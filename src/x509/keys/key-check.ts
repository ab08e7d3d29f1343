import type { PublicKeyFacts } from '../../model/certificate.js';
import type { Severity } from '../../model/severity.js';

/** What is wrong with a public key. */
export interface KeyProblem {
  /** Stable kebab-case code, for example `rsa-close-primes`. */
  readonly code: string;
  /** One sentence with the values seen. */
  readonly message: string;
  /** Critical: the private key can be computed or is known. Error: a MUST is broken. Warning: a SHOULD is. */
  readonly severity: Severity;
  /** Standard and section, or the work that found the weakness. */
  readonly source: string;
}

/** An RSA public key as numbers. */
export interface RsaKey {
  readonly modulus: bigint;
  readonly exponent: bigint;
  /** Bits of the modulus. */
  readonly bits: number;
  /** The modulus, big endian without leading zeros. */
  readonly modulusOctets: Uint8Array;
}

/** What every check of a key that is not RSA looks at. */
export interface OtherKey {
  readonly facts: PublicKeyFacts;
  /** SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** Contents of the subjectPublicKey, without the octet that counts unused bits. */
  readonly publicKey: Uint8Array;
}

/** A check of RSA keys: null means that the key passes. Pure; at most a few milliseconds for {@link maxCheckedBits}. */
export type RsaCheck = (key: RsaKey) => KeyProblem | null;

/** A check of other keys, which passes what it does not know. */
export type OtherCheck = (key: OtherKey) => KeyProblem | null;

/**
 * Moduli of more bits get no arithmetic, so that no certificate costs more than 20 ms: OpenSSL itself verifies with no
 * larger ones (OPENSSL_RSA_MAX_MODULUS_BITS).
 */
export const maxCheckedBits = 16_384;
