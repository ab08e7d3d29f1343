import type { Parameters } from '../database.js';
import { BadCursorError, type HostFilter } from '../reader.js';
import type { Page, PageRequest } from '../store.js';

/** Conditions of a query and the values of their parameters. */
export interface Conditions {
  readonly sql: string;
  readonly parameters: Parameters;
}

/** One condition: SQL with `{name:Type}` parameters and their values; a null or undefined value drops it. */
export type Condition = readonly [sql: string, parameters: Parameters];

/** Joins conditions; those with an absent value are left out. */
export function allOf(conditions: readonly Condition[]): Conditions {
  const present = conditions.filter(([, values]) =>
    Object.values(values).every((value) => value !== undefined && value !== null),
  );
  return {
    sql: present.map(([sql]) => `(${sql})`).join(' AND ') || '1',
    parameters: Object.assign({}, ...present.map(([, values]) => values)) as Parameters,
  };
}

/** Conditions of a host filter on a reversed and a plain column. The columns are ours, never a caller's text. */
export function hostConditions(filter: HostFilter, reversed: string, plain: string): readonly Condition[] {
  const lower = (text: string | undefined): string | undefined => text?.toLowerCase();
  const contains = lower(filter.hostContains)?.replace(/[\\%_]/g, '\\$&');
  return [
    [`${reversed} = reverse({host:String})`, { host: lower(filter.host) }],
    [
      `${reversed} = reverse({hostSuffix:String}) OR startsWith(${reversed}, reverse(concat('.', {hostSuffix:String})))`,
      { hostSuffix: lower(filter.hostSuffix)?.replace(/^\.+/, '') },
    ],
    [
      `${plain} LIKE {hostContains:String}`,
      { hostContains: contains === undefined ? undefined : `%${contains}%` },
    ],
  ];
}

/** A cursor for `list` that stands after the row with this key. */
export function cursorAfter(list: string, key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString('base64url');
}

/** The key in a cursor; null when there is no cursor. Throws {@link BadCursorError} when it is not one of `list`. */
export function keyOfCursor(list: string, cursor: string | null, parts: number): readonly string[] | null {
  if (cursor === null) return null;
  const refuse = (cause?: unknown): never => {
    throw new BadCursorError('the cursor was not given out for this list', { cause });
  };
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    return refuse(error);
  }
  if (!Array.isArray(key) || key[0] !== list || key.length !== parts + 1) return refuse();
  if (!key.every((part) => typeof part === 'string' || typeof part === 'number')) return refuse();
  return key.slice(1).map(String);
}

/** Rows to fetch for a page: one more than it holds tells whether another follows. */
export function rowsFor(page: PageRequest): number {
  return Math.min(Math.max(Math.trunc(page.limit), 1), 1_000) + 1;
}

/** A page of the rows fetched for it. */
export function toPage<Row, Item>(
  list: string,
  page: PageRequest,
  rows: readonly Row[],
  toItem: (row: Row) => Item,
  keyOf: (row: Row) => readonly (string | number)[],
): Page<Item> {
  const kept = rows.slice(0, rowsFor(page) - 1);
  const last = kept.at(-1);
  return {
    items: kept.map(toItem),
    nextCursor: rows.length > kept.length && last !== undefined ? cursorAfter(list, keyOf(last)) : null,
  };
}
