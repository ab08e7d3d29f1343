import type { Delivery } from '../model/delivery.js';
import type { Finding } from '../model/finding.js';
import type { InventoryChange, NamedCertificate } from '../model/inventory-change.js';
import type { Database } from './database.js';
import { severities } from '../model/severity.js';
import { undecidedInventoryChanges, type ChangesWanted } from './inventory-changes.js';
import { deliveryColumns, toDelivery, type DeliveryColumns } from './rows/delivery.js';
import { findingColumns, toFinding, toFindingOfChange, type FindingColumns } from './rows/finding.js';

/** Ids in one query. */
const idsPerQuery = 1_000;
/** Changes in one answer; what is left comes with the next, when these are decided. */
export const changesPerQuery = 50_000;

/** A change of a finding that a channel has no delivery for, and what the channel got about the finding last. */
export interface UndecidedChange {
  readonly finding: Finding;
  /** null: nothing yet. */
  readonly last: LastMessage | null;
}

/** The last message that a channel got about a finding. */
export interface LastMessage {
  /** Id of the delivery, and which revision of the finding it carried. */
  readonly delivery: string;
  readonly revision: number;
  /** Thread of the message; empty when that is not known. */
  readonly thread: string;
}

/** What alerting reads of the store. */
export interface OutboxReader {
  /** Deliveries of a channel that are `pending`, or `held` until `now` or before; oldest first, at most 10,000. */
  waitingDeliveries(channel: string, now: Date): Promise<readonly Delivery[]>;
  /** When the next of the channel's held deliveries is due; null when none is held. */
  nextHeldAt(channel: string): Promise<Date | null>;
  /** Changes since `since` that the channel has no delivery for, worst and then newest first, at most 50,000; only critical ones when asked for. */
  undecidedChanges(
    channel: string,
    since: Date,
    which?: 'all' | 'critical',
  ): Promise<readonly UndecidedChange[]>;
  /** Changes of the inventory that a channel has no delivery for, oldest first, at most 5,000 of each kind. */
  undecidedInventory(wanted: ChangesWanted): Promise<readonly InventoryChange[]>;
  /** What the channel got last about each of these findings; findings it never got anything about are absent. */
  lastMessages(channel: string, ids: readonly string[]): Promise<ReadonlyMap<string, LastMessage>>;
  /** These findings as they are now, by id. */
  findingsById(ids: readonly string[]): Promise<ReadonlyMap<string, Finding>>;
  /** Findings in the states that were named, by `id:revision`. */
  findingStates(items: Delivery['items']): Promise<ReadonlyMap<string, Finding>>;
  /** Ids of the findings that were sent to a channel in each of these threads. */
  threadFindings(
    channel: string,
    threads: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The stored message of a delivery; null when there is none. */
  messageBody(id: string): Promise<string | null>;
  /** Certificates by SHA-256; unknown ones are absent. */
  namedCertificates(sha256: readonly string[]): Promise<ReadonlyMap<string, NamedCertificate>>;
}

/** Reads what alerting asks for, in batches. */
export function createOutboxReader(database: Database): OutboxReader {
  return {
    async waitingDeliveries(channel, now) {
      const rows = await database.rows<DeliveryColumns>(
        `SELECT ${deliveryColumns} FROM deliveries FINAL WHERE channel = {channel:String}
           AND (state = 'pending' OR state = 'held' AND next_attempt_at <= fromUnixTimestamp64Milli({now:Int64}))
         ORDER BY created_at, id LIMIT 10000`,
        { channel, now: now.getTime() },
      );
      return rows.map(toDelivery);
    },
    async nextHeldAt(channel) {
      const [row] = await database.rows<{ at: string | null }>(
        `SELECT toString(toUnixTimestamp64Milli(min(next_attempt_at))) AS at FROM deliveries FINAL
         WHERE channel = {channel:String} AND state = 'held'`,
        { channel },
      );
      return row?.at ? new Date(Number(row.at)) : null;
    },
    undecidedChanges: (channel, since, which = 'all') => undecidedChanges(database, channel, since, which),
    undecidedInventory: (wanted) => undecidedInventoryChanges(database, wanted),
    lastMessages: (channel, ids) => lastMessages(database, channel, ids),
    findingsById: async (ids) => {
      const found = new Map<string, Finding>();
      for (const some of chunks(ids, idsPerQuery)) {
        const rows = await database.rows<FindingColumns>(
          `SELECT ${findingColumns} FROM findings FINAL WHERE id IN {ids:Array(String)}`,
          { ids: some },
        );
        for (const row of rows) found.set(row.id, toFinding(row));
      }
      return found;
    },
    findingStates: (items) => findingStates(database, items),
    threadFindings: (channel, threads) => threadFindings(database, channel, threads),
    async messageBody(id) {
      const [row] = await database.rows<{ body: string }>(
        'SELECT body FROM delivery_messages WHERE id = {id:String} ORDER BY version LIMIT 1',
        { id },
      );
      return row?.body ?? null;
    },
    namedCertificates: (sha256) => namedCertificates(database, sha256),
  };
}

/** Every message of a channel with what it was about; only what reached the channel or still may. */
const sentItems = `SELECT id AS delivery, created_at, item.1 AS finding, item.2 AS revision FROM deliveries FINAL
  ARRAY JOIN arrayZip(finding_ids, revisions) AS item
  WHERE channel = {channel:String} AND state IN ('pending', 'sent', 'failed')`;

/** A state of a finding in 16 bytes: sets of millions of them have to fit into the memory of one query. */
const stateHash = (id: string, revision: string): string => `sipHash128(${id}, ${revision})`;

/**
 * Picks the states by narrow columns first, and reads what is wide for those only. Grouping follows the order of the table: it holds no state of
 * every finding in memory.
 */
const undecidedSql = `
WITH decided AS (SELECT ${stateHash('item.1', 'item.2')} FROM deliveries
  ARRAY JOIN arrayZip(finding_ids, revisions) AS item WHERE channel = {channel:String}),
wanted AS (
  SELECT ${stateHash('id', 'revision')} AS state FROM (
    SELECT id, revision, min(changed_at) AS changed, indexOf(['notice', 'warning', 'error', 'critical'], any(finding.severity)) AS weight
    FROM finding_changes WHERE ${stateHash('id', 'revision')} NOT IN decided AND finding.severity IN {severities:Array(String)}
    GROUP BY id, revision HAVING changed >= fromUnixTimestamp64Milli({since:Int64})
    SETTINGS optimize_aggregation_in_order = 1)
  ORDER BY weight DESC, changed DESC, id, revision LIMIT ${changesPerQuery})
SELECT max(finding).body AS body, toString(toUnixTimestamp64Milli(min(changed_at))) AS changed FROM finding_changes
WHERE ${stateHash('id', 'revision')} IN wanted GROUP BY id, revision`;

async function undecidedChanges(
  database: Database,
  channel: string,
  since: Date,
  which: 'all' | 'critical',
): Promise<readonly UndecidedChange[]> {
  const rows = await database.rows<{ body: string; changed: string }>(undecidedSql, {
    channel,
    since: since.getTime(),
    severities: which === 'all' ? severities : ['critical'],
  });
  const found = rows.map(({ body, changed }) => ({
    finding: toFindingOfChange(body),
    changed: Number(changed),
  }));
  const findings = found.sort(byUrgency).map(({ finding }) => finding);
  const later = findings.filter(({ revision }) => revision > 1).map(({ id }) => id);
  const last = await lastMessages(database, channel, [...new Set(later)]);
  return findings.map((finding) => ({ finding, last: last.get(finding.id) ?? null }));
}

interface Changed {
  readonly finding: Finding;
  readonly changed: number;
}

/** Worst first, then newest. */
function byUrgency({ finding: a, changed: at }: Changed, { finding: b, changed: other }: Changed): number {
  return (
    severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
    other - at ||
    (a.id < b.id ? -1 : Number(a.id > b.id)) ||
    a.revision - b.revision
  );
}

async function lastMessages(
  database: Database,
  channel: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LastMessage>> {
  const found = new Map<string, LastMessage>();
  for (const some of chunks(ids, idsPerQuery)) {
    const rows = await database.rows<{
      id: string;
      last_delivery: string;
      last_revision: number;
      thread: string;
    }>(
      `SELECT s.id AS id, s.last_delivery AS last_delivery, s.last_revision AS last_revision, m.thread AS thread
       FROM (SELECT finding AS id, argMax(delivery, (revision, created_at)) AS last_delivery, max(revision) AS last_revision
         FROM (${sentItems}) WHERE finding IN {ids:Array(String)} GROUP BY finding) AS s
       LEFT JOIN (SELECT id, any(thread) AS thread FROM delivery_messages WHERE channel = {channel:String} GROUP BY id) AS m
         ON m.id = s.last_delivery`,
      { channel, ids: some },
    );
    for (const { id, last_delivery, last_revision, thread } of rows)
      found.set(id, { delivery: last_delivery, revision: last_revision, thread });
  }
  return found;
}

async function findingStates(
  database: Database,
  items: Delivery['items'],
): Promise<ReadonlyMap<string, Finding>> {
  const found = new Map<string, Finding>();
  for (const some of chunks(items, idsPerQuery)) {
    const rows = await database.rows<{ body: string }>(
      `SELECT max(finding).body AS body FROM finding_changes WHERE id IN {ids:Array(String)}
         AND (id, revision) IN (SELECT item.1, item.2 FROM (SELECT arrayJoin(arrayZip({ids:Array(String)}, {revisions:Array(UInt32)})) AS item))
       GROUP BY id, revision`,
      { ids: some.map(({ findingId }) => findingId), revisions: some.map(({ revision }) => revision) },
    );
    for (const row of rows) {
      const finding = toFindingOfChange(row.body);
      found.set(`${finding.id}:${finding.revision}`, finding);
    }
  }
  return found;
}

async function threadFindings(
  database: Database,
  channel: string,
  threads: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const some of chunks(threads, idsPerQuery)) {
    const rows = await database.rows<{ thread: string; findings: readonly string[] }>(
      `SELECT m.thread AS thread, groupUniqArray(s.finding) AS findings
       FROM (SELECT DISTINCT id, thread FROM delivery_messages
         WHERE channel = {channel:String} AND thread IN {threads:Array(String)}) AS m
       INNER JOIN (${sentItems}) AS s ON s.delivery = m.id GROUP BY m.thread`,
      { channel, threads: some },
    );
    for (const row of rows) found.set(row.thread, row.findings);
  }
  return found;
}

interface CertificateColumns {
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serial_number: string;
  readonly not_before_ms: string | null;
  readonly not_after_ms: string | null;
  readonly names: readonly string[];
}

async function namedCertificates(
  database: Database,
  sha256: readonly string[],
): Promise<ReadonlyMap<string, NamedCertificate>> {
  const found = new Map<string, NamedCertificate>();
  for (const keys of chunks(sha256, idsPerQuery)) {
    const rows = await database.rows<CertificateColumns>(
      `SELECT sha256, subject, issuer, serial_number, not_before_ms, not_after_ms, arraySlice(names, 1, 20) AS names
       FROM certificates WHERE sha256 IN {keys:Array(String)} ORDER BY sha256 LIMIT 1 BY sha256`,
      { keys },
    );
    for (const row of rows)
      found.set(row.sha256, {
        sha256: row.sha256,
        subject: row.subject,
        issuer: row.issuer,
        serialNumber: row.serial_number,
        notBefore: row.not_before_ms === null ? null : new Date(Number(row.not_before_ms)),
        notAfter: row.not_after_ms === null ? null : new Date(Number(row.not_after_ms)),
        names: row.names,
      });
  }
  return found;
}

function* chunks<T>(values: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size);
}
