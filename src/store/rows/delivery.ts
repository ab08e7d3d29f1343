import type { Delivery, StoredMessage } from '../../model/delivery.js';
import {
  instant,
  instantOrNull,
  text,
  textList,
  textOrNull,
  uint32,
  uint32List,
  uint64,
  type RowCodec,
} from './column.js';
import { columnNames } from './column-names.js';
import type { Versioned } from './ct.js';
import { date, dateOrNull } from './decode.js';

/** Rows of `deliveries`. */
export const deliveryCodec: RowCodec<Versioned<Delivery>> = {
  table: 'deliveries',
  columns: [
    text('id', ({ value }) => value.id),
    text('channel', ({ value }) => value.channel),
    textList('finding_ids', ({ value }) => value.items.map((item) => item.findingId)),
    uint32List('revisions', ({ value }) => value.items.map((item) => item.revision)),
    text('state', ({ value }) => value.state),
    uint32('attempts', ({ value }) => value.attempts),
    instant('created_at', ({ value }) => value.createdAt),
    instantOrNull('next_attempt_at', ({ value }) => value.nextAttemptAt),
    instantOrNull('sent_at', ({ value }) => value.sentAt),
    textOrNull('last_detail', ({ value }) => value.lastDetail),
    uint64('version', ({ version }) => version),
  ],
};

/** Columns of `deliveries` as {@link deliveryColumns} selects them. */
export interface DeliveryColumns {
  readonly id: string;
  readonly channel: string;
  readonly finding_ids: readonly string[];
  readonly revisions: readonly number[];
  readonly state: string;
  readonly attempts: number;
  readonly created_at: string;
  readonly next_attempt_at: string | null;
  readonly sent_at: string | null;
  readonly last_detail: string | null;
}

/** What to select for {@link toDelivery}. */
export const deliveryColumns = columnNames(deliveryCodec);

/** A row of `deliveries`. */
export function toDelivery(row: DeliveryColumns): Delivery {
  return {
    id: row.id,
    channel: row.channel,
    items: row.finding_ids.map((findingId, index) => ({ findingId, revision: row.revisions[index] ?? 0 })),
    state: row.state as Delivery['state'],
    attempts: row.attempts,
    createdAt: date(row.created_at),
    nextAttemptAt: dateOrNull(row.next_attempt_at),
    sentAt: dateOrNull(row.sent_at),
    lastDetail: row.last_detail,
  };
}

/** Rows of `delivery_messages`. */
export const messageCodec: RowCodec<Versioned<StoredMessage>> = {
  table: 'delivery_messages',
  columns: [
    text('id', ({ value }) => value.id),
    text('channel', ({ value }) => value.channel),
    text('thread', ({ value }) => value.thread),
    instant('created_at', ({ value }) => value.createdAt),
    text('body', ({ value }) => value.body),
    uint64('version', ({ version }) => version),
  ],
};
