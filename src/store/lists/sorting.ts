import type { SortOrder } from '../console-reader.js';
import { cursorAfter, keyOfCursor, type Condition } from './keyset.js';

/** Something a list can be sorted by. */
export interface SortKey {
  /** SQL over the rows of the list; never NULL. */
  readonly sql: string;
  readonly kind: 'integer' | 'text';
}

/** How one page of a sorted list is asked for. `id` tells rows with the same value apart. */
export interface Sorting {
  /** What to select beside the row's own columns: the place of a row in the order. */
  readonly columns: string;
  /** Rows behind the cursor. */
  readonly after: Condition;
  readonly orderBy: string;
  cursorOf(row: SortedRow): string;
}

/** The columns that {@link Sorting.columns} selects. */
export interface SortedRow {
  readonly sort_value: string | number;
  readonly sort_id: string;
}

/**
 * The order of a list by one of `keys`, then by `id` (SQL of a text that no two rows share). The cursor holds the order it was given out
 * for, so that one of another order is refused.
 */
export function sortingOf<Name extends string>(
  list: string,
  keys: Readonly<Record<Name, SortKey>>,
  id: string,
  order: SortOrder<Name>,
  cursor: string | null,
): Sorting {
  const { by, descending } = order;
  const { sql, kind } = keys[by];
  const name = `${list} ${descending ? '-' : ''}${by}`;
  const after = keyOfCursor(name, cursor, [kind, 'text']);
  const type = kind === 'integer' ? 'Int64' : 'String';
  const [beyond, direction] = descending ? ['<', 'DESC'] : ['>', 'ASC'];
  return {
    columns: `${sql} AS sort_value, ${id} AS sort_id`,
    after: [
      `(sort_value, sort_id) ${beyond} ({sortValue:${type}}, {sortId:String})`,
      { sortValue: after?.[0], sortId: after?.[1] },
    ],
    orderBy: `sort_value ${direction}, sort_id ${direction}`,
    cursorOf: ({ sort_value: value, sort_id: key }) =>
      cursorAfter(name, [kind === 'integer' ? Number(value) : String(value), key]),
  };
}
