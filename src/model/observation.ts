import type { Certificate } from './certificate.js';
import type { Evidence, Subject } from './finding.js';
import type { Severity } from './severity.js';
import type { AlternateChain, SurveyFacts } from './survey.js';
import type { Target } from './target.js';

/**
 * How a probe ended. `ok`: a certificate was received (also when the handshake failed later, for example for want of a
 * client certificate). Everything else is an observation of that class, never an exception.
 */
export const outcomes = [
  'ok',
  'unresolved', // the name has no address
  'out-of-scope', // the resolved address is outside the allow-list or excluded: nothing was sent
  'refused',
  'unreachable', // no route, host or network unreachable, or a local error of the network stack
  'timeout', // nothing was answered at the TCP level before the deadline
  'silent', // connected, but the deadline passed without a certificate
  'reset',
  'closed', // orderly end before a certificate
  'plain-http', // an HTTP answer in plain text
  'not-tls', // some other bytes that are not TLS
  'starttls-refused', // the server does not offer, or declined, the upgrade
  'alert', // a TLS alert before the certificate; the alert's name is in `detail`
  'no-certificate', // an empty certificate list, or an anonymous or PSK handshake
  'too-large', // more bytes than the cap allows; what was received is recorded
  'protocol-error', // TLS, but bytes that break its rules
] as const;

/** One of {@link outcomes}. */
export type Outcome = (typeof outcomes)[number];

/** Ends in which the endpoint said nothing at all, or was never reached. */
const mute: ReadonlySet<Outcome> = new Set([
  'unresolved',
  'out-of-scope',
  'refused',
  'unreachable',
  'timeout',
  'silent',
  'reset',
  'closed',
]);

/** False when nothing is known of what the endpoint speaks, because it said nothing or was never reached. */
export function hasAnswered(outcome: Outcome): boolean {
  return !mute.has(outcome);
}

/** Connection facts of a handshake; null parts were not learned. */
export interface TlsFacts {
  /** `TLSv1.3`, `TLSv1.2`, `TLSv1.1`, `TLSv1`, `SSLv3`. */
  readonly version: string | null;
  /** Standard (IANA) name, for example `TLS_AES_128_GCM_SHA256`. */
  readonly cipher: string | null;
  /** For example `X25519`, `P-256`, `X25519MLKEM768`. */
  readonly group: string | null;
  readonly alpn: string | null;
  /** The server asked for a client certificate; null when the probe could not know. */
  readonly clientCertificateRequested: boolean | null;
  /** Stapled OCSP response, DER, unverified; null when none came. */
  readonly ocspResponse: Uint8Array | null;
}

/** One look at one endpoint. */
export interface Observation {
  readonly observedAt: Date;
  /** The scan this look belongs to. */
  readonly scanId: string;
  readonly target: Target;
  readonly outcome: Outcome;
  /** Cause in words when `outcome` is not `ok`, or what went wrong after the certificate came; hostile text. */
  readonly detail: string | null;
  readonly tls: TlsFacts | null;
  /** The leaf, first of `chain`. */
  readonly certificate: Certificate | null;
  /** Everything served, in the order served, leaf first. */
  readonly chain: readonly Certificate[];
  /** Chains it serves to clients that accept only the other type of key; absent or null when it was not asked for them. */
  readonly alternates?: readonly AlternateChain[] | null;
  /** What a survey learned; absent or null when none was made. */
  readonly survey?: SurveyFacts | null;
  /** From the start of the probe to its end. */
  readonly durationMs: number;
}

/** Every chain of an observation besides its usual one, each leaf once. */
export function alternatesOf({
  alternates,
  survey,
}: Pick<Observation, 'alternates' | 'survey'>): readonly AlternateChain[] {
  const byLeaf = new Map<string, AlternateChain>();
  for (const one of [...(alternates ?? []), ...(survey?.alternates ?? [])]) {
    const leaf = one.chain[0]?.sha256;
    if (leaf !== undefined && !byLeaf.has(leaf)) byLeaf.set(leaf, one);
  }
  return [...byLeaf.values()];
}

/** What a rule says of one subject. */
export interface Verdict {
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  /** The values compared, by name. JSON-safe. */
  readonly details: Readonly<Record<string, unknown>>;
  /** See Finding. */
  readonly dueAt?: Date;
  readonly evidence?: readonly Evidence[];
  /** What it shares with the verdicts on other subjects; absent: nothing beyond the certificate or endpoint. */
  readonly cause?: Subject;
}
