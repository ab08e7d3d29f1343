import type { CtEntry, CtPosition } from '../../model/ct-entry.js';
import { date, orNull } from './decode.js';
import { dateTime, type RowCodec } from './encode.js';

/** Rows of `ct_entries`; their certificates are rows of `certificates`. */
export const ctEntryCodec: RowCodec<CtEntry> = {
  table: 'ct_entries',
  columns: [
    'log_id',
    'leaf_index',
    'timestamp',
    'entry_type',
    'sha256',
    'tbs_sha256',
    'not_after_ms',
    'chain',
    'verified',
    'matches',
    'leaf_hash',
    'seen_at',
  ],
  encode(entry) {
    return [
      entry.logId,
      entry.leafIndex,
      dateTime(entry.timestamp),
      entry.entryType,
      entry.certificate.sha256,
      entry.certificate.tbsSha256 ?? '',
      entry.certificate.notAfter?.getTime() ?? null,
      entry.chain,
      entry.verified,
      JSON.stringify(entry.matches),
      entry.leafHash ?? '',
      dateTime(entry.seenAt),
    ];
  },
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
    'log_id',
    'cursor',
    'description',
    'operator',
    'url',
    'protocol',
    'state',
    'tree_size',
    'verified_index',
    'follower_state',
    'last_error',
    'entries_per_second',
    'updated_at',
    'version',
  ],
  encode({ value: position, version }) {
    return [
      position.logId,
      position.cursor,
      position.description,
      position.operator,
      position.url,
      position.protocol,
      position.state ?? '',
      position.treeSize,
      position.verifiedIndex,
      position.followerState,
      position.lastError ?? '',
      Number.isFinite(position.entriesPerSecond) ? position.entriesPerSecond : 0,
      dateTime(position.updatedAt),
      version,
    ];
  },
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
  readonly updated_at: string;
}

/** What to select for {@link toCtPosition}. */
export const ctPositionColumns = ctPositionCodec.columns.filter((column) => column !== 'version').join(', ');

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
    updatedAt: date(row.updated_at),
  };
}
