import type { Delivery } from '../model/delivery.js';
import type { InventoryRun } from '../model/inventory-item.js';
import type { ScanRun } from '../model/scan-run.js';
import type { Finding, FindingState } from '../model/finding.js';
import type { Severity } from '../model/severity.js';
import type {
  CertificateFilter,
  CertificateRow,
  DeliveryFilter,
  EndpointFilter,
  HostFilter,
  FindingFilter,
  StoreReader,
} from './reader.js';
import type { EndpointState } from '../model/endpoint-state.js';
import type { Page, PageRequest, WrittenEntry } from './store.js';

/** The order of a list. */
export interface SortOrder<Name extends string> {
  readonly by: Name;
  readonly descending: boolean;
}

/** How many rows pass a filter. */
export interface Total {
  /** null: counting took too long. */
  readonly total: number | null;
  /** True when `total` is a lower bound, or not all that was asked for was searched. */
  readonly partial: boolean;
}

/** What findings can be sorted by. */
export const findingSorts = ['severity', 'dueAt', 'openedAt', 'lastSeenAt', 'rule', 'host'] as const;
/** One of {@link findingSorts}. */
export type FindingSort = (typeof findingSorts)[number];

/** What is worth counting of findings. */
export interface FindingFacets {
  readonly state: Readonly<Record<string, number>>;
  readonly severity: Readonly<Record<string, number>>;
  readonly rule: Readonly<Record<string, number>>;
  readonly subjectKind: Readonly<Record<string, number>>;
  readonly owner: Readonly<Record<string, number>>;
  readonly environment: Readonly<Record<string, number>>;
  readonly assignee: Readonly<Record<string, number>>;
}

/** Findings that belong together. */
export interface FindingGroup {
  /** The cause, or the host (empty: findings without one). */
  readonly key: string;
  readonly count: number;
  readonly severity: Severity;
  readonly states: readonly FindingState[];
  /** The first date at which one of them hurts. */
  readonly dueAt: Date | null;
  readonly openedAt: Date;
  readonly rules: readonly string[];
  /** At most 20. */
  readonly hosts: readonly string[];
  readonly hostCount: number;
  readonly owners: readonly string[];
  readonly environments: readonly string[];
  readonly assignees: readonly string[];
  /** The worst of them. */
  readonly finding: Finding;
}

/** What issuances can be sorted by. */
export const issuanceSorts = ['notAfter', 'notBefore', 'firstSeenAt', 'issuer', 'sha256'] as const;
/** One of {@link issuanceSorts}. */
export type IssuanceSort = (typeof issuanceSorts)[number];

/** Which issuances; absent parts do not filter. */
export interface IssuanceFilter extends CertificateFilter {
  /** Part of a name, or a hash, serial number or key as a whole. */
  readonly q?: string | undefined;
  readonly owner?: string | undefined;
  readonly keyBits?: number | undefined;
  /** True: only expired ones; false: only others. */
  readonly expired?: boolean | undefined;
  readonly everServed?: boolean | undefined;
  readonly isCa?: boolean | undefined;
}

/** One issuance as a row of a list: a certificate, or a precertificate whose certificate is not known. */
export interface IssuanceRow extends CertificateRow {
  /** Endpoints that serve it now. */
  readonly servedCount: number;
  /** Its certificate or precertificate was found in a log. */
  readonly logged: boolean;
  readonly worstFinding: { readonly id: string; readonly rule: string; readonly severity: Severity } | null;
  readonly owner: string | null;
}

/** Names, hosts and figures that belong to a word. */
export interface SearchHit {
  readonly kind: 'name' | 'certificate' | 'endpoint' | 'finding';
  /** Name, SHA-256, key of an endpoint, id of a finding. */
  readonly key: string;
  readonly title: string;
  readonly subtitle: string;
}

/** Figures of the overview. */
export interface OverviewFigures {
  readonly certificatesServed: number;
  /** Issued, known and not expired. */
  readonly certificatesValid: number;
  readonly endpoints: number;
  readonly endpointsAnswering: number;
  readonly endpointsObservedToday: number;
  readonly names: number;
  readonly servedInInventory: number;
}

/** A share of what is served. */
export interface ServedShare {
  readonly key: string;
  readonly served: number;
}

/** Served certificates that expire on one day. */
export interface ExpiryDay {
  readonly day: Date;
  /** Past their renewal point, and nothing was issued. */
  readonly overdue: number;
  /** A successor was issued, and this is served still. */
  readonly notInstalled: number;
  readonly onCourse: number;
}

/** When an endpoint served what. */
export interface ServedSpan {
  readonly endpointKey: string;
  readonly sha256: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}

/** A certificate as a relative of another one. */
export interface RelatedCertificate {
  readonly sha256: string;
  readonly tbsSha256: string | null;
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
  readonly names: readonly string[];
  readonly servedCount: number;
}

/** What the store knows of an endpoint beside its last probes. */
export interface EndpointFacts {
  readonly leaf: Pick<RelatedCertificate, 'subject' | 'issuer' | 'notBefore' | 'notAfter' | 'names'> | null;
  readonly worstFinding: IssuanceRow['worstFinding'];
}

/** Certificates of the same names before and after, and with the same key. At most 100 each. */
export interface Relatives {
  readonly predecessor: RelatedCertificate | null;
  readonly successor: RelatedCertificate | null;
  readonly sameKey: readonly RelatedCertificate[];
}

/** Everything ever issued for a domain. */
export interface DomainFigures {
  readonly names: number;
  readonly certificates: number;
  readonly unexpired: number;
  readonly everServed: number;
  readonly servedNow: number;
  readonly byMonth: readonly {
    readonly month: Date;
    readonly served: number;
    readonly neverServed: number;
  }[];
  readonly byIssuer: readonly { readonly issuer: string; readonly certificates: number }[];
}

/** Which matched log entries; absent parts do not filter. */
export interface CtMatchFilter {
  readonly logId?: string | undefined;
  /** Kind of watch item that matched, for example `look-alike`. */
  readonly watch?: string | undefined;
  readonly item?: string | undefined;
  readonly q?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** One matched log entry. */
export interface CtMatchRow {
  readonly logId: string;
  readonly log: string | null;
  readonly leafIndex: number;
  readonly timestamp: Date;
  readonly seenAt: Date;
  readonly entryType: 'x509' | 'precertificate' | 'unknown';
  readonly sha256: string;
  readonly verified: boolean;
  readonly matches: readonly {
    readonly watch: string;
    readonly item: string;
    readonly value: string;
    readonly reason: string | null;
  }[];
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly notAfter: Date | null;
  readonly names: readonly string[];
}

/** One inventory source as it was read. */
export interface InventorySourceRow {
  readonly source: string;
  readonly lastRun: InventoryRun;
  readonly lastCompleteAt: Date | null;
  /** Of the last complete run. */
  readonly items: number;
}

/** How one channel is doing, by its deliveries. */
export interface ChannelState {
  readonly name: string;
  readonly lastSentAt: Date | null;
  /** When a delivery failed for good last. */
  readonly lastFailedAt: Date | null;
  readonly lastDetail: string | null;
  readonly pending: number;
  /** Of those, tried already. */
  readonly retrying: number;
  readonly failed: number;
}

/** Which entries of the audit trail; absent parts do not filter. */
export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** What the console reads beside the lists of {@link StoreReader}. Everything is bounded in rows, time and memory. */
export interface ConsoleReader {
  sortedFindings(
    filter: FindingFilter,
    order: SortOrder<FindingSort>,
    page: PageRequest,
  ): Promise<Page<Finding>>;
  countFindings(filter: FindingFilter): Promise<Total>;
  /** Worst first. */
  findingGroups(
    filter: FindingFilter,
    by: 'cause' | 'host',
    page: PageRequest,
  ): Promise<Page<FindingGroup> & Total>;
  /** Each counted as if it were not filtered itself. */
  findingFacets(filter: FindingFilter): Promise<FindingFacets>;
  /** Findings not resolved by owner (empty: none), with the worst of them, at most 200. */
  openByOwner(): Promise<
    readonly { readonly owner: string; readonly count: number; readonly severity: Severity }[]
  >;
  channelStates(): Promise<readonly ChannelState[]>;
  countDeliveries(filter: DeliveryFilter): Promise<Total>;
  /** Deliveries that hold any state of a finding, latest first, at most 100. */
  deliveriesOf(findingId: string): Promise<readonly Delivery[]>;
  /** Findings with the same cause or about the same host, without it, at most 50. */
  relatedFindings(finding: Finding): Promise<readonly Finding[]>;

  listIssuances(
    filter: IssuanceFilter,
    order: SortOrder<IssuanceSort>,
    page: PageRequest,
    now: Date,
  ): Promise<Page<IssuanceRow>>;
  countIssuances(filter: IssuanceFilter, now: Date): Promise<Total>;
  relatives(sha256: string): Promise<Relatives>;
  /** What a log had as the chain of one of these, leaf excluded, SHA-256; empty when none did. */
  loggedChain(sha256: readonly string[]): Promise<readonly string[]>;
  /** The certificates of an issuance, precertificates last. */
  issuance(tbsSha256: string): Promise<readonly RelatedCertificate[]>;
  /** Which endpoints served these certificates when, latest first, at most 5,000. */
  servedSpans(sha256: readonly string[]): Promise<readonly ServedSpan[]>;
  /** What an endpoint served when, latest first, at most 1,000. */
  endpointSpans(endpointKey: string): Promise<readonly ServedSpan[]>;
  countEndpoints(filter: EndpointFilter): Promise<Total>;
  countNames(filter: HostFilter): Promise<Total>;
  /** What these endpoints served last, and the worst finding about each. */
  endpointFacts(endpoints: readonly EndpointState[]): Promise<(endpoint: EndpointState) => EndpointFacts>;
  /** Certificates by SHA-256; unknown ones are absent. */
  certificatesByHash(sha256: readonly string[]): Promise<readonly RelatedCertificate[]>;
  endpointsByKey(keys: readonly string[]): Promise<readonly EndpointState[]>;
  /** Endpoints by the outcome of the last probe. */
  endpointOutcomes(): Promise<Readonly<Record<string, number>>>;

  overviewFigures(now: Date): Promise<OverviewFigures>;
  servedByIssuer(): Promise<readonly ServedShare[]>;
  servedByOwner(): Promise<readonly ServedShare[]>;
  servedByEnvironment(): Promise<readonly ServedShare[]>;
  expiryDays(now: Date, days: number): Promise<readonly ExpiryDay[]>;
  /** Served certificates with SCTs, met in the last days, at most 5,000: their bytes, and whether a log that is followed had them. */
  recallSample(
    since: Date,
  ): Promise<readonly { readonly sha256: string; readonly der: Uint8Array; readonly logged: boolean }[]>;

  domainFigures(domain: string, now: Date): Promise<DomainFigures>;
  listCtMatches(filter: CtMatchFilter, page: PageRequest): Promise<Page<CtMatchRow>>;
  countCtMatches(filter: CtMatchFilter): Promise<Total>;
  scanById(id: string): Promise<ScanRun | null>;
  /** Every source ever read, with its last run and its last complete one. */
  listInventorySources(): Promise<readonly InventorySourceRow[]>;
  listAudit(filter: AuditFilter, page: PageRequest): Promise<Page<WrittenEntry>>;
  /** At most 8 of each kind; `within`: only under these domains. */
  search(q: string, within: readonly string[] | null): Promise<readonly SearchHit[]>;
}

/** Everything that the API reads. */
export interface ApiReader extends StoreReader, ConsoleReader {}
