import type { Certificate } from './certificate.js';

/** A certificate whose key has a prime in common with another's. */
export interface SharedPrimeHolder {
  readonly modulusSha256: string;
  /** SHA-256 of a certificate with this key. */
  readonly certificateSha256: string;
  readonly subject: string;
}

/** A prime that several keys of the fleet have in common. */
export interface SharedPrimeEvidence {
  readonly primeBits: number;
  /** SHA-256 of the prime, big endian without leading zeros: the prime itself would be the private key. */
  readonly primeSha256: string;
  /** Every key with this prime, at least two. */
  readonly holders: readonly SharedPrimeHolder[];
}

/** What is known of keys beyond what each tells by itself. */
export interface KeyEvidence {
  /** Hashes of keys (of the modulus for RSA, else of the SubjectPublicKeyInfo) that stand in the operator's file of known private keys. */
  readonly compromised: ReadonlySet<string>;
  /** By modulusSha256. */
  readonly sharedPrimes: ReadonlyMap<string, SharedPrimeEvidence>;
}

/** Watches the keys of the fleet. */
export interface KeyWatch {
  /**
   * What is known of the keys of these certificates now. RSA keys not seen before are compared with all others afterwards, which
   * may take seconds.
   */
  evidence(certificates: readonly Certificate[]): Promise<KeyEvidence>;
  /** Ids of the rules whose evidence is not whole: keys wait to be compared. */
  unsettledRules(): readonly string[];
  /** Ends comparing, in the middle if need be. */
  close(): Promise<void>;
}
