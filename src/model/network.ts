/** What the network answered to a question about a certificate, and since when the answer has been the same. */
interface Answered<Question extends string> {
  readonly question: Question;
  /** What was asked about; unique within a question. */
  readonly key: string;
  /** When this answer was given first; later checks that brought the same keep it. */
  readonly since: Date;
  readonly checkedAt: Date;
  /** One sentence, where something failed; hostile text. */
  readonly detail: string | null;
}

/** Whether a certificate is revoked; the key is its SHA-256. */
export interface RevocationStatus extends Answered<'revocation'> {
  /**
   * `not-covered`: no CRL that it names covers it; `stale`: the last answer is out of date; `unknown`: nothing could be learned, or
   * the responder does not know it.
   */
  readonly outcome: 'good' | 'revoked' | 'not-covered' | 'stale' | 'unknown';
  /** CRLReason (RFC 5280 section 5.3.1), `unspecified` when none was given; null unless revoked. */
  readonly reason: string | null;
  readonly revokedAt: Date | null;
  readonly method: 'crl' | 'ocsp' | null;
  /** URL of the list or responder that says so. */
  readonly source: string | null;
  readonly thisUpdate: Date | null;
  readonly nextUpdate: Date | null;
}

/** The state of one CRL; the key is its URL. */
export interface CrlState extends Answered<'crl'> {
  readonly outcome: 'ok' | 'unreachable' | 'expired';
  /** RFC 4514 text; null when no list was ever read. */
  readonly issuer: string | null;
  readonly thisUpdate: Date | null;
  readonly nextUpdate: Date | null;
  readonly bytes: number;
}

/** One CAA property (RFC 8659 section 4). */
export interface CaaRecord {
  /** The issuer critical flag. */
  readonly critical: boolean;
  readonly tag: string;
  readonly value: string;
}

/** Which CAs a domain lets issue; the key is the domain, without `*.`. */
export interface CaaAnswer extends Answered<'caa'> {
  readonly outcome: 'found' | 'absent' | 'failed';
  /** The domain at or above it that has the records (RFC 8659 section 3); null when none has. */
  readonly foundAt: string | null;
  readonly records: readonly CaaRecord[];
  /** The resolver says that DNSSEC proved the answer; null when the resolver was not asked, or failed. */
  readonly authenticated: boolean | null;
}

/** One HTTPS record in service mode (RFC 9460). */
export interface HttpsRecord {
  readonly priority: number;
  readonly target: string;
  readonly port: number | null;
  readonly alpn: readonly string[];
}

/** What a name stands for; the key is the name. */
export interface NameAnswer extends Answered<'name'> {
  /** `empty`: the name exists without an address; `failed`: no family could be asked to the end. */
  readonly outcome: 'found' | 'empty' | 'nxdomain' | 'failed';
  /** Sorted, canonical. */
  readonly addresses: readonly string[];
  /** Targets of CNAME records, in order. */
  readonly aliases: readonly string[];
  readonly https: readonly HttpsRecord[];
}

/** When a CA suggests to renew a certificate (RFC 9773); the key is its SHA-256. */
export interface RenewalWindow extends Answered<'renewal-window'> {
  readonly outcome: 'ok' | 'failed';
  /** URL of the ACME directory. */
  readonly directory: string;
  readonly start: Date | null;
  readonly end: Date | null;
  readonly explanationUrl: string | null;
  /** Start of the window that the CA suggested before; null when it never moved. */
  readonly movedFrom: Date | null;
  /** Not asked again before. */
  readonly retryAt: Date;
}

/** Any of these. */
export type Answer = RevocationStatus | CrlState | CaaAnswer | NameAnswer | RenewalWindow;

/** What is asked. */
export type Question = Answer['question'];

/** An answer to one question. */
export type AnswerTo<Q extends Question> = Extract<Answer, { readonly question: Q }>;

/** What changes from check to check without the answer being another one. */
const passing = new Set(['since', 'checkedAt', 'detail', 'thisUpdate', 'nextUpdate', 'bytes', 'retryAt']);

/** The answer, since when it has been the same: `previous` is the last one to this question about this key. */
export function continued<A extends Answer>(answer: A, previous: Answer | undefined): A {
  const same = previous !== undefined && essence(previous) === essence(answer);
  return same ? { ...answer, since: previous.since } : answer;
}

function essence(answer: Answer): string {
  return JSON.stringify(answer, (name, value: unknown) => (passing.has(name) ? undefined : value));
}
