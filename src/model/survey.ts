import type { Certificate } from './certificate.js';

/** What one protocol version of an endpoint accepts. */
export interface VersionFacts {
  /** `TLSv1.3`, `TLSv1.2`, `TLSv1.1`, `TLSv1`, `SSLv3`, `SSLv2`. */
  readonly version: string;
  /** IANA names (SSL 2: `SSL_CK_...`), in the server's order where it has one. */
  readonly cipherSuites: readonly string[];
  /** Whose order decides; null when fewer than two suites are accepted or it could not be told. */
  readonly preference: 'server' | 'client' | null;
}

/** A further chain that an endpoint serves to clients that ask differently. */
export interface AlternateChain {
  /** How it was asked for: by the kind of key, without a server name, or with a name the server cannot know. */
  readonly asked: 'RSA' | 'ECDSA' | 'no-server-name' | 'unknown-server-name';
  /** As served, leaf first. */
  readonly chain: readonly Certificate[];
}

/** What an endpoint offers beyond the one handshake of a look. Null parts could not be learned. */
export interface SurveyFacts {
  /** Versions accepted, newest first; empty when none could be told. */
  readonly versions: readonly VersionFacts[];
  /** Key-exchange groups accepted in any version, for example `X25519MLKEM768`, `P-256`. */
  readonly groups: readonly string[];
  /** Bits of the prime of finite-field Diffie-Hellman in TLS 1.2 and below; null when it is not offered. */
  readonly dhBits: number | null;
  /** Secure renegotiation is supported (RFC 5746). */
  readonly secureRenegotiation: boolean | null;
  /** TLS compression is accepted (CVE-2012-4929). */
  readonly compression: boolean | null;
  /** Lifetime hint of session tickets in seconds; null when none are issued. */
  readonly ticketLifetimeSeconds: number | null;
  /** SCTs delivered in the TLS extension (RFC 6962 section 3.3.1). */
  readonly handshakeScts: number | null;
  /** An OCSP response is stapled. */
  readonly ocspStapled: boolean | null;
  /** Subjects of the certificate authorities named in a request for a client certificate; null when none is asked for. */
  readonly clientAuthorities: readonly string[] | null;
  /** Fingerprint of ten answers (62 hex digits, zeros when none came). */
  readonly jarm: string | null;
  /** MD5 over version, suite and extensions of the ServerHello to our TLS 1.2 hello. */
  readonly ja3s: string | null;
  /** Chains other than the one of the look. */
  readonly alternates: readonly AlternateChain[];
  /** Connections the survey took. */
  readonly connections: number;
  /** Why it ended before its end; null when it did not. */
  readonly incomplete: string | null;
}
