import type { Judged } from '../../model/judged.js';
import { columnNames } from './column-names.js';
import { instantOrNull, text, textList, uint64, type RowCodec } from './column.js';
import type { Versioned } from './ct.js';
import { dateOrNull } from './decode.js';

/** Rows of `judged`. */
export const judgedCodec: RowCodec<Versioned<Judged>> = {
  table: 'judged',
  columns: [
    text('kind', ({ value }) => value.kind),
    text('key', ({ value }) => value.key),
    instantOrNull('due_at', ({ value }) => value.dueAt),
    textList('issuances', ({ value }) => value.issuances),
    uint64('version', ({ version }) => version),
  ],
};

/** What to select for {@link toJudged}. */
export const judgedColumns = columnNames(judgedCodec);

/** Columns of `judged`. */
export interface JudgedColumns {
  readonly kind: string;
  readonly key: string;
  readonly due_at: string | null;
  readonly issuances: readonly string[];
}

/** A row of `judged`. */
export function toJudged(row: JudgedColumns): Judged {
  return {
    kind: row.kind as Judged['kind'],
    key: row.key,
    dueAt: dateOrNull(row.due_at),
    issuances: row.issuances,
  };
}
