import type { CtPosition } from '../model/ct-entry.js';
import type { Delivery } from '../model/delivery.js';
import type { Finding, FindingState, Subject } from '../model/finding.js';
import type { InventoryItem, InventoryRun } from '../model/inventory-item.js';
import type { Outcome, TlsFacts } from '../model/observation.js';
import type { PublicKeyFacts, ReadProblem } from '../model/certificate.js';
import type { Answer, Question } from '../model/network.js';
import type { Severity } from '../model/severity.js';
import type { Target } from '../model/target.js';
import type { Page, PageRequest } from './store.js';
import type { EndpointState, StoredSurvey } from '../model/endpoint-state.js';
import type { ScanRun } from '../model/scan-run.js';

/** Which hosts or names; parts that are given must all hold. Matching is on lower-case text. */
export interface HostFilter {
  /** Exactly this host or name. */
  readonly host?: string | undefined;
  /** This domain and everything under it: `example.com` finds `example.com` and `www.example.com`. */
  readonly hostSuffix?: string | undefined;
  /** Contains this text, 3 characters at least. */
  readonly hostContains?: string | undefined;
  /** Only under these domains: what a credential is limited to. Nothing passes an empty list. */
  readonly withinDomains?: readonly string[] | undefined;
}

/** Which findings; absent parts do not filter. */
export interface FindingFilter extends HostFilter {
  readonly id?: string | undefined;
  readonly states?: readonly FindingState[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  readonly rule?: string | undefined;
  readonly certificateSha256?: string | undefined;
  readonly subjectKinds?: readonly Subject['kind'][] | undefined;
  readonly subjectKey?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly rules?: readonly string[] | undefined;
  readonly cause?: string | undefined;
  /** Empty text: without one. */
  readonly owners?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly assignees?: readonly string[] | undefined;
  /** With any of these. */
  readonly tags?: readonly string[] | undefined;
  readonly dueAfter?: Date | undefined;
  readonly dueBefore?: Date | undefined;
  /** Part of the title, the host, the subject or the details, or the whole of a rule, an id or a certificate's hash. */
  readonly q?: string | undefined;
  /** Findings with one of these tags pass `withinDomains` as well. */
  readonly withinTags?: readonly string[] | undefined;
}

/** Which certificates; absent parts do not filter. Hosts are looked for in `Certificate.names`. */
export interface CertificateFilter extends HostFilter {
  readonly sha1?: string | undefined;
  readonly spkiSha256?: string | undefined;
  readonly modulusSha256?: string | undefined;
  readonly tbsSha256?: string | undefined;
  /** Together with `issuerSha256`, or alone. */
  readonly serialNumber?: string | undefined;
  readonly issuerSha256?: string | undefined;
  /** Part of the issuer's RFC 4514 text, case folded. */
  readonly issuer?: string | undefined;
  readonly keyType?: string | undefined;
  readonly expiresBefore?: Date | undefined;
  readonly expiresAfter?: Date | undefined;
  /** True: leaf of some endpoint now; false: of none. */
  readonly served?: boolean | undefined;
}

/** Which answers of the network; absent parts do not filter. */
export interface AnswerFilter {
  readonly question: Question;
  readonly key?: string | undefined;
  readonly outcome?: string | undefined;
}

/** Which endpoints; absent parts do not filter. */
export interface EndpointFilter extends HostFilter {
  readonly key?: string | undefined;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  readonly outcome?: Outcome | undefined;
  /** The leaf served at the last look that brought one. */
  readonly certificateSha256?: string | undefined;
}

/** Which observations; newest first within an endpoint. One of `endpointKey`, `host`, `hostSuffix` or `scanId` makes it fast. */
export interface ObservationFilter extends HostFilter {
  readonly endpointKey?: string | undefined;
  readonly scanId?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly certificateSha256?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** Which inventory items; absent parts do not filter. */
export interface InventoryFilter {
  readonly source?: string | undefined;
  readonly sha256?: string | undefined;
  readonly spkiSha256?: string | undefined;
  readonly owner?: string | undefined;
}

/** Which deliveries; absent parts do not filter. */
export interface DeliveryFilter {
  readonly id?: string | undefined;
  readonly channel?: string | undefined;
  readonly state?: Delivery['state'] | undefined;
}

/** A certificate without its bytes. Every text is hostile. Dates are null when unreadable or absent. */
export interface CertificateRow {
  readonly sha256: string;
  readonly sha1: string;
  readonly spkiSha256: string | null;
  readonly modulusSha256: string | null;
  readonly tbsSha256: string | null;
  readonly issuerSha256: string | null;
  readonly subjectSha256: string | null;
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
  readonly commonNames: readonly string[];
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
  readonly names: readonly string[];
  readonly key: PublicKeyFacts | null;
  readonly signatureAlgorithm: string | null;
  readonly isCa: boolean;
  readonly isSelfIssued: boolean;
  readonly isPrecertificate: boolean;
  readonly extendedKeyUsages: readonly string[] | null;
  readonly subjectKeyId: string | null;
  readonly authorityKeyId: string | null;
  readonly crlUrls: readonly string[];
  readonly ocspUrls: readonly string[];
  readonly caIssuerUrls: readonly string[];
  readonly sctCount: number | null;
  readonly problems: readonly ReadProblem[];
  /** When the store first saw it, by scan, log or import. */
  readonly firstSeenAt: Date;
}

/** Where a certificate is logged. */
export interface CtPlace {
  readonly logId: string;
  /** The log's description; null when the log is not followed. */
  readonly log: string | null;
  readonly leafIndex: number;
  readonly timestamp: Date;
  readonly entryType: 'x509' | 'precertificate' | 'unknown';
  readonly verified: boolean;
}

/** A certificate with its bytes and everywhere it was met. The lists hold at most 1,000 entries each. */
export interface CertificateDetail extends CertificateRow {
  /** Empty when only names were kept. */
  readonly der: Uint8Array;
  /** Endpoints whose last certificate is this one. */
  readonly servedNow: readonly EndpointState[];
  /** Endpoints that served it once, and when. */
  readonly servedEver: readonly {
    readonly endpointKey: string;
    readonly firstSeenAt: Date;
    readonly lastSeenAt: Date;
  }[];
  /** Log entries of the whole issuance: the certificate's and its precertificate's. */
  readonly logged: readonly CtPlace[];
  readonly inventory: readonly InventoryItem[];
  /** The other certificates of the same issuance (same `tbsSha256`): precertificate and certificate. */
  readonly issuance: readonly { readonly sha256: string; readonly isPrecertificate: boolean }[];
}

/** One look as stored: certificates by hash. */
export interface ObservationRow {
  readonly endpointKey: string;
  readonly observedAt: Date;
  readonly scanId: string;
  readonly target: Target;
  readonly outcome: Outcome;
  readonly detail: string | null;
  readonly tls: TlsFacts | null;
  /** Leaf; null when none came. */
  readonly certificateSha256: string | null;
  /** SHA-256 of everything served, leaf first. */
  readonly chain: readonly string[];
  readonly survey: StoredSurvey | null;
  readonly durationMs: number;
}

/** One name with the certificates that can answer for it. */
export interface NameRow {
  readonly name: string;
  readonly certificates: number;
  /** Of the certificate that expires last. */
  readonly sha256: string;
  readonly notAfter: Date | null;
}

/** Certificates whose notAfter falls into one day (UTC). */
export interface ExpiryBucket {
  readonly day: Date;
  readonly certificates: number;
  /** Of those, served by an endpoint now. */
  readonly served: number;
}

/** How much one issuer issued. */
export interface IssuerRow {
  readonly issuer: string;
  readonly certificates: number;
  readonly unexpired: number;
  readonly served: number;
}

/** One key that is used in more than one place. */
export interface KeyReuseRow {
  readonly spkiSha256: string;
  readonly certificates: number;
  readonly endpoints: number;
  /** At most 20 of the hosts. */
  readonly hosts: readonly string[];
}

/** Looks in one hour, by outcome. */
export interface ObservationsHour {
  readonly hour: Date;
  readonly outcome: Outcome;
  readonly observations: number;
}

/** Findings not resolved at the end of one day (UTC), by severity. */
export interface OpenFindingsDay {
  readonly day: Date;
  readonly severity: Severity;
  readonly open: number;
}

/** One CT log, how far it was read, and how much of it is kept. */
export interface CtLogRow extends CtPosition {
  /** Entries between what is verified and the log's tree head. */
  readonly behind: number;
  /** Matched entries stored. */
  readonly entries: number;
  /** The log's timestamp of the newest stored entry; null when there is none. */
  readonly newestEntryAt: Date | null;
}

/**
 * What the API, the console and reports read. Every list is paged by keyset, every query is bound in rows, time and memory.
 * A cursor that this store did not give out is refused with {@link BadCursorError}.
 */
export interface StoreReader {
  /** Latest opened first. */
  listFindings(filter: FindingFilter, page: PageRequest): Promise<Page<Finding>>;
  findingById(id: string): Promise<Finding | null>;
  /** Every state it was in, oldest first. */
  findingHistory(id: string): Promise<readonly Finding[]>;
  /** By sha256, or by name where a host filter is given. */
  listCertificates(filter: CertificateFilter, page: PageRequest): Promise<Page<CertificateRow>>;
  certificateDetail(sha256: string): Promise<CertificateDetail | null>;
  /** By reversed host, then key. */
  listEndpoints(filter: EndpointFilter, page: PageRequest): Promise<Page<EndpointState>>;
  listObservations(filter: ObservationFilter, page: PageRequest): Promise<Page<ObservationRow>>;
  /** By reversed name, so that names of one domain stand together. */
  listNames(filter: HostFilter, page: PageRequest): Promise<Page<NameRow>>;
  /** What the last complete run of each source said. */
  listInventory(filter: InventoryFilter, page: PageRequest): Promise<Page<InventoryItem>>;
  /** The last run of each source, complete or not. */
  listInventoryRuns(): Promise<readonly InventoryRun[]>;
  /** Latest first. */
  listScans(page: PageRequest): Promise<Page<ScanRun>>;
  listCtLogs(): Promise<readonly CtLogRow[]>;
  /** The present answers to a question, by key. */
  listAnswers(filter: AnswerFilter, page: PageRequest): Promise<Page<Answer>>;
  /** Every answer to a question about a key, oldest first; at most 1,000. */
  answerHistory(question: Question, key: string): Promise<readonly Answer[]>;
  /** Latest first. */
  listDeliveries(filter: DeliveryFilter, page: PageRequest): Promise<Page<Delivery>>;

  /** Days from `from` to `to`, at most 1,200; days without any are absent. */
  expiryTimeline(from: Date, to: Date): Promise<readonly ExpiryBucket[]>;
  /** The 100 largest. */
  issuerBreakdown(now: Date): Promise<readonly IssuerRow[]>;
  /** The 100 keys with the most endpoints, of those on two certificates or hosts at least. */
  keyReuse(): Promise<readonly KeyReuseRow[]>;
  /** At most 31 days. */
  observationsPerHour(from: Date, to: Date): Promise<readonly ObservationsHour[]>;
  /** At most 400 days. */
  openFindingsPerDay(from: Date, to: Date): Promise<readonly OpenFindingsDay[]>;
  /** Findings not resolved, by severity and state. */
  findingCounts(): Promise<
    readonly { readonly severity: Severity; readonly state: FindingState; readonly count: number }[]
  >;
}

/** A cursor that was not given out by this store, or for another list. */
export class BadCursorError extends Error {
  override readonly name = 'BadCursorError';
}
