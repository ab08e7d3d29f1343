import type { CtBudget, CtEntry, CtPosition } from '../../model/ct-entry.js';
import {
  flag,
  float64,
  instant,
  millisecondsOrNull,
  text,
  textList,
  uint64,
  type RowCodec,
} from './column.js';
import { date, orNull } from './decode.js';
import { toJson } from './json.js';

/** Rows of `ct_entries`; their certificates are rows of `certificates`. */
export const ctEntryCodec: RowCodec<CtEntry> = {
  table: 'ct_entries',
  isBulk: true,
  columns: [
    text('log_id', (entry) => entry.logId),
    uint64('leaf_index', (entry) => entry.leafIndex),
    instant('timestamp', (entry) => entry.timestamp),
    text('entry_type', (entry) => entry.entryType),
    text('sha256', (entry) => entry.certificate.sha256),
    text('tbs_sha256', (entry) => entry.certificate.tbsSha256),
    millisecondsOrNull('not_after_ms', (entry) => entry.certificate.notAfter),
    textList('chain', (entry) => entry.chain),
    flag('verified', (entry) => entry.verified),
    text('matches', (entry) => toJson(entry.matches)),
    text('leaf_hash', (entry) => entry.leafHash),
    instant('seen_at', (entry) => entry.seenAt),
  ],
};

/** A value and its place in the order of writing, in which the last one counts. */
export interface Versioned<T> {
  readonly value: T;
  readonly version: number;
}

/** Rows of `ct_positions`. */
export const ctPositionCodec: RowCodec<Versioned<CtPosition>> = {
  table: 'ct_positions',
  columns: [
    text('log_id', ({ value }) => value.logId),
    text('cursor', ({ value }) => value.cursor),
    text('description', ({ value }) => value.description),
    text('operator', ({ value }) => value.operator),
    text('url', ({ value }) => value.url),
    text('protocol', ({ value }) => value.protocol),
    text('state', ({ value }) => value.state),
    uint64('tree_size', ({ value }) => value.treeSize),
    uint64('verified_index', ({ value }) => value.verifiedIndex),
    text('follower_state', ({ value }) => value.followerState),
    text('last_error', ({ value }) => value.lastError),
    float64('entries_per_second', ({ value }) => value.entriesPerSecond),
    float64('lag_seconds', ({ value }) => value.lagSeconds),
    float64('eta_seconds', ({ value }) => value.etaSeconds ?? -1),
    text('budget', ({ value }) => toJson(value.budget)),
    instant('updated_at', ({ value }) => value.updatedAt),
    uint64('version', ({ version }) => version),
  ],
};

/** Columns of `ct_positions`. */
export interface CtPositionColumns {
  readonly log_id: string;
  readonly cursor: string;
  readonly description: string;
  readonly operator: string;
  readonly url: string;
  readonly protocol: string;
  readonly state: string;
  readonly tree_size: string;
  readonly verified_index: string;
  readonly follower_state: string;
  readonly last_error: string;
  readonly entries_per_second: number;
  readonly lag_seconds: number;
  readonly eta_seconds: number;
  readonly budget: string;
  readonly updated_at: string;
}

/** What to select for {@link toCtPosition}. */
export const ctPositionColumns = ctPositionCodec.columns
  .map((column) => column.name)
  .filter((name) => name !== 'version')
  .join(', ');

/** A row of `ct_positions`. */
export function toCtPosition(row: CtPositionColumns): CtPosition {
  return {
    logId: row.log_id,
    cursor: row.cursor,
    description: row.description,
    operator: row.operator,
    url: row.url,
    protocol: row.protocol as CtPosition['protocol'],
    state: orNull(row.state),
    treeSize: Number(row.tree_size),
    verifiedIndex: Number(row.verified_index),
    followerState: row.follower_state,
    lastError: orNull(row.last_error),
    entriesPerSecond: row.entries_per_second,
    lagSeconds: row.lag_seconds,
    etaSeconds: row.eta_seconds < 0 ? null : row.eta_seconds,
    budget: JSON.parse(row.budget) as CtBudget | null,
    updatedAt: date(row.updated_at),
  };
}
