import type { Delivery } from '../../model/delivery.js';
import type { Finding, FindingState } from '../../model/finding.js';
import { severities, type Severity } from '../../model/severity.js';
import type { FindingFacets, FindingGroup, FindingSort, SortOrder, Total } from '../console-reader.js';
import type { Database } from '../database.js';
import type { FindingFilter } from '../reader.js';
import { date, dateOrNull } from '../rows/decode.js';
import { deliveryColumns, toDelivery, type DeliveryColumns } from '../rows/delivery.js';
import { findingColumns, toFinding, type FindingColumns } from '../rows/finding.js';
import type { Page, PageRequest } from '../store.js';
import { countRows } from './counting.js';
import { findingWhere } from './finding-filter.js';
import { allOf, rowsFor } from './keyset.js';
import { sortingOf, type SortedRow, type SortKey } from './sorting.js';

const never = '253402300799999';
const dueMs = `ifNull(toUnixTimestamp64Milli(due_at), ${never})`;
/** Worst first, and of those the ones that hurt soonest, when sorted downwards. */
const urgency = `toInt64(toInt8(severity)) * 1000000000000000 - least(${dueMs}, ${never})`;

const sorts: Readonly<Record<FindingSort, SortKey>> = {
  severity: { sql: urgency, kind: 'integer' },
  dueAt: { sql: dueMs, kind: 'integer' },
  openedAt: { sql: 'toUnixTimestamp64Milli(opened_at)', kind: 'integer' },
  lastSeenAt: { sql: 'toUnixTimestamp64Milli(last_seen_at)', kind: 'integer' },
  rule: { sql: 'toString(rule)', kind: 'text' },
  host: { sql: 'host', kind: 'text' },
};

/** Findings in any order: first which, by narrow columns, then what they say. */
export async function sortedFindings(
  database: Database,
  filter: FindingFilter,
  order: SortOrder<FindingSort>,
  page: PageRequest,
): Promise<Page<Finding>> {
  const sorting = sortingOf('findings', sorts, 'id', order, page.cursor);
  const where = findingWhere(filter);
  const rest = allOf([sorting.after]);
  const keys = await database.rows<SortedRow>(
    `SELECT sort_value, sort_id FROM (SELECT ${sorting.columns} FROM findings FINAL WHERE ${where.sql})
     WHERE ${rest.sql} ORDER BY ${sorting.orderBy} LIMIT {limit:UInt32}`,
    { ...where.parameters, ...rest.parameters, limit: rowsFor(page) },
  );
  const kept = keys.slice(0, rowsFor(page) - 1);
  const found = await findingsById(
    database,
    kept.map((key) => key.sort_id),
  );
  const last = kept.at(-1);
  return {
    items: kept.flatMap((key) => found.get(key.sort_id) ?? []),
    nextCursor: keys.length > kept.length && last !== undefined ? sorting.cursorOf(last) : null,
  };
}

async function findingsById(
  database: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Finding>> {
  if (ids.length === 0) return new Map();
  const rows = await database.rows<FindingColumns>(
    `SELECT ${findingColumns} FROM findings WHERE id IN {ids:Array(String)} ORDER BY id, version DESC LIMIT 1 BY id`,
    { ids },
  );
  return new Map(rows.map((row) => [row.id, toFinding(row)]));
}

/** How many findings pass. */
export function countFindings(database: Database, filter: FindingFilter): Promise<Total> {
  const where = findingWhere(filter);
  return countRows(database, `SELECT id FROM findings FINAL WHERE ${where.sql}`, where.parameters);
}

interface GroupColumns extends SortedRow {
  readonly count: string;
  readonly severity: number;
  readonly states: readonly FindingState[];
  readonly due_at: string | null;
  readonly opened_at: string;
  readonly rules: readonly string[];
  readonly hosts: readonly string[];
  readonly host_count: string;
  readonly owners: readonly string[];
  readonly environments: readonly string[];
  readonly assignees: readonly string[];
  readonly worst: string;
}

/** What is said of a group, over the columns of `findings`. */
const groupColumns = `count() AS count, max(toInt8(f.severity)) AS severity, groupUniqArray(5)(toString(f.state)) AS states, min(f.due_at) AS due_at,
  min(f.opened_at) AS opened_at, arraySort(groupUniqArray(10)(toString(f.rule))) AS rules,
  arraySort(groupUniqArrayIf(20)(f.host, f.host != '')) AS hosts, uniqExactIf(f.host, f.host != '') AS host_count,
  arraySort(groupUniqArrayIf(10)(toString(f.owner), f.owner != '')) AS owners,
  arraySort(groupUniqArrayIf(10)(toString(f.environment), f.environment != '')) AS environments,
  arraySort(groupUniqArrayIf(10)(f.assignee, f.assignee != '')) AS assignees`;

/** Findings by cause or host, worst first. */
export async function findingGroups(
  database: Database,
  filter: FindingFilter,
  by: 'cause' | 'host',
  page: PageRequest,
): Promise<Page<FindingGroup> & Total> {
  const sorting = sortingOf(
    `finding-groups-${by}`,
    { severity: { sql: 'max(urgency)', kind: 'integer' } },
    by,
    { by: 'severity', descending: true },
    page.cursor,
  );
  const where = findingWhere(filter);
  const rest = allOf([sorting.after]);
  const rows = await database.rows<GroupColumns & { readonly total: string }>(
    `SELECT *, (SELECT uniqExact(${by}) FROM findings FINAL WHERE ${where.sql}) AS total FROM (
       SELECT ${sorting.columns}, argMax(f.id, urgency) AS worst, ${groupColumns}
       FROM (SELECT *, ${urgency} AS urgency FROM findings FINAL WHERE ${where.sql}) AS f GROUP BY ${by})
     WHERE ${rest.sql} ORDER BY ${sorting.orderBy} LIMIT {limit:UInt32}`,
    { ...where.parameters, ...rest.parameters, limit: rowsFor(page) },
  );
  const kept = rows.slice(0, rowsFor(page) - 1);
  const worst = await findingsById(
    database,
    kept.map((row) => row.worst),
  );
  const last = kept.at(-1);
  return {
    items: kept.flatMap((row) => toGroup(row, worst.get(row.worst)) ?? []),
    nextCursor: rows.length > kept.length && last !== undefined ? sorting.cursorOf(last) : null,
    total: Number(rows[0]?.total ?? 0),
    partial: false,
  };
}

function toGroup(row: GroupColumns, finding: Finding | undefined): FindingGroup | null {
  if (finding === undefined) return null;
  return {
    key: row.sort_id,
    count: Number(row.count),
    severity: severities[row.severity - 1] ?? finding.severity,
    states: row.states,
    dueAt: dateOrNull(row.due_at),
    openedAt: date(row.opened_at),
    rules: row.rules,
    hosts: row.hosts,
    hostCount: Number(row.host_count),
    owners: row.owners,
    environments: row.environments,
    assignees: row.assignees,
    finding,
  };
}

/** Facets: the column each counts, and the filter that it leaves out. */
const facets = [
  ['state', 'state', 'states'],
  ['severity', 'severity', 'severities'],
  ['rule', 'rule', 'rules'],
  ['subjectKind', 'subject_kind', 'subjectKinds'],
  ['owner', 'owner', 'owners'],
  ['environment', 'environment', 'environments'],
  ['assignee', 'assignee', 'assignees'],
] as const;

/** Counts by each facet, each as if it were not filtered itself. */
export async function findingFacets(database: Database, filter: FindingFilter): Promise<FindingFacets> {
  const counts = await Promise.all(
    facets.map(async ([facet, column, own]) => {
      const where = findingWhere({ ...filter, [own]: undefined });
      const rows = await database.rows<{ value: string; count: string }>(
        `SELECT toString(${column}) AS value, count() AS count FROM findings FINAL WHERE ${where.sql}
         GROUP BY value ORDER BY count DESC, value LIMIT 200`,
        where.parameters,
      );
      return [facet, Object.fromEntries(rows.map(({ value, count }) => [value, Number(count)]))] as const;
    }),
  );
  return Object.fromEntries(counts) as unknown as FindingFacets;
}

/** Findings not resolved by owner, those with the worst first. */
export async function openByOwner(
  database: Database,
): Promise<readonly { owner: string; count: number; severity: Severity }[]> {
  const rows = await database.rows<{ owner: string; count: string; rank: number }>(
    `SELECT toString(owner) AS owner, count() AS count, max(toInt8(severity)) AS rank FROM findings FINAL
     WHERE state != 'resolved' GROUP BY owner ORDER BY rank DESC, count DESC, owner LIMIT 200`,
  );
  return rows.map(({ owner, count, rank }) => ({
    owner,
    count: Number(count),
    severity: severities[rank - 1] ?? 'notice',
  }));
}

/** Deliveries that hold any state of a finding, latest first. */
export async function deliveriesOf(database: Database, findingId: string): Promise<readonly Delivery[]> {
  const rows = await database.rows<DeliveryColumns>(
    `SELECT ${deliveryColumns} FROM deliveries FINAL WHERE has(finding_ids, {findingId:String})
     ORDER BY created_at DESC, id DESC LIMIT 100`,
    { findingId },
  );
  return rows.map(toDelivery);
}

/** Findings with the same cause, then those about the same host, without it. */
export async function relatedFindings(database: Database, finding: Finding): Promise<readonly Finding[]> {
  const { id, cause, host } = finding;
  const rows = await database.rows<FindingColumns>(
    `SELECT ${findingColumns} FROM findings FINAL WHERE id != {id:String}
       AND (cause = {cause:String} OR (host != '' AND host = {host:String} AND state != 'resolved'))
     ORDER BY cause = {cause:String} DESC, severity DESC, id LIMIT 50`,
    { id, cause, host: host ?? '' },
  );
  return rows.map(toFinding);
}
