import type { CtPosition } from '../model/ct-entry.js';
import type { Finding } from '../model/finding.js';
import type { AskStore, StreamRows } from '../model/query.js';
import type { AnswerTo, Question } from '../model/network.js';
import type { Database } from './database.js';
import type { SenderState } from './durable-sender.js';
import type { EndpointCursor, JudgingReader } from './judging.js';
import { createJudgingReader } from './judging-reader.js';
import { createInventoryIndex } from './inventory-index.js';
import { knownInventory } from './lists/operation.js';
import { createOutboxReader, type OutboxReader } from './outbox.js';
import { createAsk } from './queries/ask.js';
import { createStreamRows } from './queries/stream-rows.js';
import { answerHistory, certificatesUnder, presentAnswers } from './lists/answers.js';
import { ctPositionColumns, toCtPosition, type CtPositionColumns } from './rows/ct.js';
import { date, orNull } from './rows/decode.js';
import { hostOfKey } from './rows/endpoint-key.js';
import { findingColumns, toFinding, toFindingOfChange, type FindingColumns } from './rows/finding.js';
import {
  endpointColumns,
  observationColumns,
  toEndpointState,
  toObservationRow,
  type EndpointColumns,
  type ObservationColumns,
} from './rows/observation.js';
import { keptRecords } from './rows/record.js';
import { scanColumns, toScanRun, type ScanColumns } from './rows/operation.js';
import type { KeptRecord } from '../model/kept-record.js';
import type { InventoryItem } from '../model/inventory-item.js';
import type { InventoryIndex, Misses, RecentProbe, ResolvedFinding, Store } from './store.js';
import type { EndpointState } from '../model/endpoint-state.js';
import type { ScanRun } from '../model/scan-run.js';

/** Rows fetched at a time where a result is streamed. */
const pageRows = 5_000;
/** Probes of one endpoint that are looked back on. */
const mostRecent = 500;
/** Hashes asked for in one query. */
const keysPerQuery = 1_000;

interface ResolvedColumns {
  readonly id: string;
  readonly revision: number;
  readonly first_seen_at: string;
  readonly assignee: string;
  readonly ticket: string;
}

/** The reading half of the store: what the engines of the service need to know. */
export class StateReader {
  /** See Store. */
  readonly ask: AskStore;
  /** See Store. */
  readonly judging: JudgingReader;
  readonly streamRows: StreamRows;
  readonly #database: Database;
  readonly #writing: () => SenderState;
  readonly #inventory: ReturnType<typeof createInventoryIndex>;
  /** See Store. */
  readonly outbox: OutboxReader;

  /** See Store. */
  records(kind: KeptRecord['kind']): Promise<readonly KeptRecord[]> {
    return keptRecords(this.#database, kind);
  }

  constructor(database: Database, writing: () => SenderState) {
    this.#database = database;
    this.#writing = writing;
    this.ask = createAsk(database);
    this.judging = createJudgingReader(database);
    this.streamRows = createStreamRows(database);
    this.#inventory = createInventoryIndex(database);
    this.outbox = createOutboxReader(database);
  }

  /** See Store. Read page by page in the order of the key, so that memory stays bounded. */
  async *endpoints(keys?: readonly string[]): AsyncIterable<EndpointState> {
    if (keys !== undefined) {
      for (const some of chunks(keys, keysPerQuery)) {
        const hosts = [...new Set(some.map(hostOfKey))];
        const rows = await this.#database.rows<EndpointColumns>(
          `SELECT ${endpointColumns} FROM endpoints AS e
           WHERE host_reversed IN arrayMap(host -> reverse(host), {hosts:Array(String)}) AND endpoint IN {keys:Array(String)}
           GROUP BY host_reversed, endpoint ORDER BY host_reversed, endpoint`,
          { hosts, keys: some },
        );
        for (const row of rows) yield toEndpointState(row);
      }
      return;
    }
    let after: EndpointCursor | null = null;
    do {
      const page: Awaited<ReturnType<JudgingReader['endpointPage']>> = await this.judging.endpointPage(
        after,
        pageRows,
      );
      yield* page.states;
      after = page.next;
    } while (after !== null);
  }

  /** See Store. */
  async certificates(sha256: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for (const keys of chunks(sha256, keysPerQuery)) {
      // A set, and a second thread, cost more than looking one row up.
      const isOne = keys.length === 1;
      const rows = await this.#database.rows<{ sha256: string; der: string }>(
        `SELECT sha256, base64Encode(der) AS der FROM certificates PREWHERE sha256 ${isOne ? '= {keys:String}' : 'IN {keys:Array(String)}'}`,
        { keys: isOne ? keys[0] : keys },
        isOne ? { maxThreads: 1 } : {},
      );
      for (const { sha256: hash, der } of rows) if (der !== '') found.set(hash, Buffer.from(der, 'base64'));
    }
    return found;
  }

  /** See Store. */
  async misses(keys: readonly string[]): Promise<ReadonlyMap<string, Misses>> {
    const found = new Map<string, Misses>();
    for (const some of chunks(keys, keysPerQuery)) {
      const hosts = [...new Set(some.map(hostOfKey))];
      const rows = await this.#database.rows<{ endpoint: string; count: string; first_at: string }>(
        `SELECT endpoint, uniqExact(observed_at) AS count, toString(toUnixTimestamp64Milli(min(observed_at))) AS first_at
         FROM observations AS o
         INNER JOIN (SELECT endpoint, maxIf(observed_at, kind = 'ok') AS ok_at FROM endpoints
           WHERE host_reversed IN arrayMap(host -> reverse(host), {hosts:Array(String)}) AND endpoint IN {keys:Array(String)} GROUP BY endpoint) AS e
           USING (endpoint)
         WHERE endpoint_hash IN arrayMap(key -> cityHash64(key), {keys:Array(String)}) AND endpoint IN {keys:Array(String)}
           AND observed_at > ok_at
         GROUP BY endpoint`,
        { hosts, keys: some },
      );
      for (const row of rows) {
        found.set(row.endpoint, { count: Number(row.count), firstAt: new Date(Number(row.first_at)) });
      }
    }
    return found;
  }

  /** See Store. */
  async recentProbes(
    keys: readonly string[],
    since: Date,
  ): Promise<ReadonlyMap<string, readonly RecentProbe[]>> {
    const found = new Map<string, RecentProbe[]>();
    for (const some of chunks(keys, keysPerQuery)) {
      const rows = await this.#database.rows<ObservationColumns>(
        `SELECT ${observationColumns} FROM observations
         WHERE endpoint_hash IN arrayMap(key -> cityHash64(key), {keys:Array(String)}) AND endpoint IN {keys:Array(String)}
           AND observed_at > fromUnixTimestamp64Milli({since:Int64}) AND certificate != ''
         ORDER BY endpoint, observed_at DESC LIMIT ${mostRecent} BY endpoint`,
        { keys: some, since: since.getTime() },
      );
      for (const row of rows) {
        const { endpointKey, observedAt, chain, tls } = toObservationRow(row);
        const probes = found.get(endpointKey) ?? [];
        found.set(endpointKey, probes);
        // A row that was written twice is one probe.
        if (probes.at(-1)?.observedAt.getTime() !== observedAt.getTime())
          probes.push({ observedAt, chain, tls });
      }
    }
    return found;
  }

  /** See Store. */
  knownInventory(source: string, references: readonly string[]): Promise<ReadonlyMap<string, InventoryItem>> {
    return knownInventory(this.#database, source, references);
  }

  /** See Store. */
  inventoryIndex(now: Date, maxAgeHours: number, sources: readonly string[]): Promise<InventoryIndex> {
    return this.#inventory.index(now, maxAgeHours, sources);
  }

  /** See Store. */
  async openFindings(): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    for (let after = ''; ; after = findings.at(-1)?.id ?? '') {
      const rows = await this.#database.rows<FindingColumns>(
        `SELECT ${findingColumns} FROM findings FINAL WHERE id > {after:String} AND state != 'resolved'
         ORDER BY id LIMIT {limit:UInt32}`,
        { after, limit: pageRows },
      );
      for (const row of rows) findings.push(toFinding(row));
      if (rows.length < pageRows) return findings;
    }
  }

  /** See Store. */
  async resolvedFindings(): Promise<readonly ResolvedFinding[]> {
    const limit = 20 * pageRows;
    const findings: ResolvedFinding[] = [];
    for (let after = ''; ; after = findings.at(-1)?.id ?? '') {
      const rows = await this.#database.rows<ResolvedColumns>(
        `SELECT id, latest.1 AS revision, latest.2 AS first_seen_at, latest.3 AS assignee, latest.4 AS ticket
         FROM (SELECT id, argMax((f.revision, f.first_seen_at, f.assignee, f.ticket, f.state), f.version) AS latest
           FROM findings AS f WHERE id > {after:String} GROUP BY id)
         WHERE latest.5 = 'resolved' ORDER BY id LIMIT {limit:UInt32}
         SETTINGS optimize_aggregation_in_order = 1`,
        { after, limit },
      );
      for (const { id, revision, first_seen_at, assignee, ticket } of rows)
        findings.push({
          id,
          revision,
          firstSeenAt: date(first_seen_at),
          assignee: orNull(assignee),
          ticket: orNull(ticket),
        });
      if (rows.length < limit) return findings;
    }
  }

  /** See Store. */
  async findingHistory(id: string): Promise<readonly Finding[]> {
    const rows = await this.#database.rows<{ body: string }>(
      `SELECT max(finding).body AS body FROM finding_changes WHERE id = {id:String} GROUP BY revision ORDER BY revision LIMIT 10000`,
      { id },
    );
    return rows.map((row) => toFindingOfChange(row.body));
  }

  /** See Store. */
  async undelivered(channel: string): Promise<readonly string[]> {
    const rows = await this.#database.rows<{ id: string }>(
      `SELECT DISTINCT failed.id AS id, failed.created_at AS created_at
       FROM (SELECT id, created_at, item.1 AS finding, item.2 AS revision FROM deliveries FINAL
         ARRAY JOIN arrayZip(finding_ids, revisions) AS item
         WHERE channel = {channel:String} AND state = 'failed') AS failed
       INNER JOIN (SELECT id, revision FROM findings FINAL
         WHERE state = 'open' AND NOT (rule = 'delivery-failed' AND subject_key = {channel:String})) AS open
         ON open.id = failed.finding AND open.revision = failed.revision
       ORDER BY created_at, id LIMIT 100`,
      { channel },
    );
    return rows.map(({ id }) => id);
  }

  /** See Store. */
  answers<Q extends Question>(question: Q, keys?: readonly string[]): AsyncIterable<AnswerTo<Q>> {
    return presentAnswers(this.#database, question, keys);
  }

  /** See Store. */
  answerHistory<Q extends Question>(question: Q, key: string): Promise<readonly AnswerTo<Q>[]> {
    return answerHistory(this.#database, question, key);
  }

  /** See Store. */
  certificatesUnder(domains: readonly string[], now: Date): AsyncIterable<string> {
    return certificatesUnder(this.#database, domains, now);
  }

  /** See Store. */
  async endpointsServing(sha256: readonly string[]): Promise<readonly string[]> {
    const found = new Set<string>();
    for (const some of chunks(sha256, keysPerQuery)) {
      const rows = await this.#database.rows<{ endpoint: string }>(
        `SELECT DISTINCT endpoint FROM served WHERE certificate IN {some:Array(String)} ORDER BY endpoint`,
        { some },
      );
      for (const { endpoint } of rows) found.add(endpoint);
    }
    return [...found];
  }

  /** See Store. */
  async ctPositions(): Promise<readonly CtPosition[]> {
    const rows = await this.#database.rows<CtPositionColumns>(
      `SELECT ${ctPositionColumns} FROM ct_positions FINAL ORDER BY log_id, cursor LIMIT 10000`,
    );
    return rows.map(toCtPosition);
  }

  /** See Store. */
  async lastScheduleRuns(): Promise<ReadonlyMap<string, Date>> {
    const rows = await this.#database.rows<{ name: string; started_at: string }>(
      'SELECT name, started_at FROM schedule_runs FINAL ORDER BY name LIMIT 10000',
    );
    return new Map(rows.map((row) => [row.name, date(row.started_at)]));
  }

  /** See Store. */
  async unfinishedScans(): Promise<readonly ScanRun[]> {
    const rows = await this.#database.rows<ScanColumns>(
      `SELECT ${scanColumns} FROM scans FINAL WHERE finished_at IS NULL ORDER BY started_at, id LIMIT 1000`,
    );
    return rows.map(toScanRun);
  }

  /** See Store. */
  async health(): ReturnType<Store['health']> {
    const { spooledBytes, failingSince, lastError, blocked } = this.#writing();
    try {
      const version = await this.#database.version();
      if (blocked !== null) return { ok: false, detail: blocked, spooledBytes, blocked: true };
      const detail = failingSince === null ? `ClickHouse ${version}` : `inserts fail: ${lastError}`;
      return { ok: failingSince === null, detail, spooledBytes, blocked: false };
    } catch (error) {
      const detail = blocked ?? (error instanceof Error ? error.message : String(error));
      return { ok: false, detail, spooledBytes, blocked: blocked !== null };
    }
  }
}

function* chunks<T>(values: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size);
}
