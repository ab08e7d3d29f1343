import type { AuditEntry } from '../model/audit-entry.js';
import type { CtEntry, CtPosition } from '../model/ct-entry.js';
import type { Delivery, StoredMessage } from '../model/delivery.js';
import type { EndpointState } from '../model/endpoint-state.js';
import type { StoredFact } from '../model/fact.js';
import type { Finding } from '../model/finding.js';
import type { InventoryItem, InventoryRun } from '../model/inventory-item.js';
import type { KeptRecord } from '../model/kept-record.js';
import type { Judged } from '../model/judged.js';
import type { AskStore, StreamRows } from '../model/query.js';
import type { Answer, AnswerTo, Question } from '../model/network.js';
import type { Observation, TlsFacts } from '../model/observation.js';
import type { ScanRun } from '../model/scan-run.js';
import type { ChainEnd } from './audit/chain.js';
import type { AuditCheck } from './audit/check.js';
import type { JudgingReader } from './judging.js';
import type { OutboxReader } from './outbox.js';

/** Looks at an endpoint since the last one that brought a certificate. */
export interface Misses {
  /** At least 1. */
  readonly count: number;
  readonly firstAt: Date;
}

/** What a resolved finding takes along when its cause comes back. */
export type ResolvedFinding = Pick<Finding, 'id' | 'revision' | 'firstSeenAt' | 'assignee' | 'ticket'>;

/** An entry as it was written; null: before the trail was a chain. */
export interface WrittenEntry extends AuditEntry {
  readonly number: number | null;
  readonly hash: string | null;
}

/** Keyset paging: pass `nextCursor` of the page before as `cursor`. `limit` 1 to 1,000. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

/** One page; `nextCursor` is null on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Identities of everything the inventories hold, for "is this certificate managed?". */
export interface InventoryIndex {
  /** True when every source has a complete and fresh run; otherwise `unknown` may not be said. */
  readonly isWhole: boolean;
  /** Sources whose last complete run is too old. */
  readonly staleSources: readonly string[];
  /** Sources whose last run could not read everything. */
  readonly incompleteSources: readonly InventoryRun[];
  /** All sources that were asked for. */
  readonly sources: readonly string[];
  readonly sha256: ReadonlySet<string>;
  readonly sha1: ReadonlySet<string>;
  readonly tbsSha256: ReadonlySet<string>;
  readonly spkiSha256: ReadonlySet<string>;
  /** `issuerSha256:serialNumber`. */
  readonly issuerSerial: ReadonlySet<string>;
}

/** What one probe of an endpoint brought. */
export interface RecentProbe {
  readonly observedAt: Date;
  /** SHA-256, leaf first. */
  readonly chain: readonly string[];
  readonly tls: TlsFacts | null;
}

/**
 * Everything remembered. Every write resolves once it is durable (in the database or, when that is away, in the spool on
 * disk) and may be repeated with the same content: a repeat changes nothing. Reads see what was written before, spool apart.
 */
export interface Store {
  /** Keeps what a scanner learned. */
  take(fact: StoredFact): Promise<void>;
  writeObservations(batch: readonly Observation[]): Promise<void>;
  writeCtEntries(batch: readonly CtEntry[]): Promise<void>;
  writeCtPosition(position: CtPosition): Promise<void>;
  writeAnswers(answers: readonly Answer[]): Promise<void>;
  /**
   * Items first, then the run that `finish` answers once they are all read: an import cut off half-way never counts as complete.
   * Returns that run.
   */
  writeInventory(
    origin: Pick<InventoryRun, 'source' | 'startedAt'>,
    items: AsyncIterable<InventoryItem> | Iterable<InventoryItem>,
    finish: () => InventoryRun,
  ): Promise<InventoryRun>;
  /** Current state and history in one go. */
  writeFindings(findings: readonly Finding[]): Promise<void>;
  writeDeliveries(deliveries: readonly Delivery[]): Promise<void>;
  /** What deliveries say; written before the deliveries themselves. */
  writeMessages(messages: readonly StoredMessage[]): Promise<void>;
  writeScanRun(run: ScanRun): Promise<void>;
  writeJudged(judged: readonly Judged[]): Promise<void>;
  writeScheduleRun(name: string, startedAt: Date): Promise<void>;
  writeRecords(records: readonly KeptRecord[]): Promise<void>;
  /** What people keep on record of this kind, by id. */
  records(kind: KeptRecord['kind']): Promise<readonly KeptRecord[]>;
  /** Adds entries to the end of the audit trail, in this order. */
  writeAudit(entries: readonly AuditEntry[]): Promise<void>;
  /** Checks every entry of the audit trail. `expected`: ends that it reached once, known from elsewhere. */
  checkAudit(expected?: readonly ChainEnd[]): Promise<AuditCheck>;
  /** Notes what reaches the end of its retention within a day, and deletes the start of the audit trail where its own has ended. */
  expire(now: Date): Promise<void>;

  /** Current endpoints, streamed; all of them, or those with these keys. */
  endpoints(keys?: readonly string[]): AsyncIterable<EndpointState>;
  /** Misses of these endpoints; those whose last look brought a certificate are absent. */
  misses(keys: readonly string[]): Promise<ReadonlyMap<string, Misses>>;
  /** The probes of these endpoints after `since` that brought a certificate, newest first, at most 500 for each. */
  recentProbes(keys: readonly string[], since: Date): Promise<ReadonlyMap<string, readonly RecentProbe[]>>;
  /** DER by SHA-256; hashes that are unknown, or of which only names are kept, are absent from the map. */
  certificates(sha256: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** What the last runs of this source read under these references, cut off or not; references that are unknown are absent. */
  knownInventory(source: string, references: readonly string[]): Promise<ReadonlyMap<string, InventoryItem>>;
  inventoryIndex(now: Date, maxAgeHours: number, sources: readonly string[]): Promise<InventoryIndex>;
  /** Findings that are not resolved. */
  openFindings(): Promise<readonly Finding[]>;
  /** Every finding that is resolved. */
  resolvedFindings(): Promise<readonly ResolvedFinding[]>;
  findingHistory(id: string): Promise<readonly Finding[]>;
  /** Ids of deliveries that failed for good although what they were to tell `channel` is still so, its own failure apart; oldest first, at most 100. */
  undelivered(channel: string): Promise<readonly string[]>;
  /** What alerting reads. */
  readonly outbox: OutboxReader;
  ctPositions(): Promise<readonly CtPosition[]>;
  lastScheduleRuns(): Promise<ReadonlyMap<string, Date>>;
  unfinishedScans(): Promise<readonly ScanRun[]>;
  /** Answers to prepared queries (src/model/queries, SQL in src/store/queries); for fleet rules, reports and the API. */
  readonly ask: AskStore;
  /** What judging reads page by page. */
  readonly judging: JudgingReader;
  /** Streams the rows of a prepared query: for reports and evidence. */
  readonly streamRows: StreamRows;
  /** The present answers to a question; about all keys, or about these (at most 1,000). */
  answers<Q extends Question>(question: Q, keys?: readonly string[]): AsyncIterable<AnswerTo<Q>>;
  /** Every answer to a question about a key, oldest first. */
  answerHistory<Q extends Question>(question: Q, key: string): Promise<readonly AnswerTo<Q>[]>;
  /** SHA-256 of the unexpired certificates with a name at or under these domains; one may come more than once. */
  certificatesUnder(domains: readonly string[], now: Date): AsyncIterable<string>;
  /** Keys of the endpoints that serve, or served, one of these certificates as their own. */
  endpointsServing(sha256: readonly string[]): Promise<readonly string[]>;
  /** What is damaged or was set aside, a line each, at most 20: parts of tables, files of the spool, checksums that failed since the database started. */
  damage(): Promise<readonly string[]>;
  /** True while the database answers and takes rows; the reason otherwise. `blocked`: intake stands still, writers wait. */
  health(): Promise<{
    readonly ok: boolean;
    readonly detail: string;
    readonly spooledBytes: number;
    readonly blocked: boolean;
  }>;
  close(): Promise<void>;
}
