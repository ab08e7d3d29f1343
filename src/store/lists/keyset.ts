import { domainToASCII } from 'node:url';
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

/** How a table is searched by host. Columns are ours, never a caller's text; the values come as parameters of these names. */
export interface HostSearch {
  /** With `{host:String}`: exactly this host. */
  readonly exact: string;
  /** With `{hostSuffix:String}`: this domain or under it. */
  readonly under: string;
  /** With `{hostContains:String}`, a pattern of LIKE. */
  readonly contains: string;
  /** With `{withinDomains:Array(String)}`: one of these domains or under one. */
  readonly within: string;
}

/** How a table is searched that is ordered by the reversed host, so that a domain is a range of it. */
export function byReversedHost(reversed: string, plain: string): HostSearch {
  return {
    exact: `${reversed} = reverse({host:String})`,
    under: `${reversed} = reverse({hostSuffix:String}) OR startsWith(${reversed}, reverse(concat('.', {hostSuffix:String})))`,
    contains: `${plain} LIKE {hostContains:String}`,
    within: `arrayExists(d -> ${reversed} = reverse(d) OR startsWith(${reversed}, reverse(concat('.', d))), {withinDomains:Array(String)})`,
  };
}

/** Conditions of a host filter. Everything is under the root, so an empty suffix does not filter. */
export function hostConditions(filter: HostFilter, search: HostSearch): readonly Condition[] {
  const { host, hostSuffix, hostContains, withinDomains } = filter;
  const suffix = trimDots(asStored(hostSuffix ?? ''));
  const pattern = asStored(hostContains ?? '').replace(/[\\%_]/g, '\\$&');
  return [
    [search.exact, { host: host === undefined ? undefined : trimDots(asStored(host)) }],
    [search.under, { hostSuffix: suffix === '' ? undefined : suffix }],
    [search.contains, { hostContains: pattern === '' ? undefined : `%${pattern}%` }],
    [search.within, { withinDomains }],
  ];
}

/** Longer than any host; IDNA would take seconds over a megabyte. */
const maxIdnaLength = 1_000;

/** Hosts and names are kept in lower case and in A-labels (RFC 5890); what IDNA refuses is looked for as it is. */
function asStored(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length > maxIdnaLength || !/[^\0-\x7f]/.test(lower)) return lower;
  return domainToASCII(lower) || lower;
}

function trimDots(text: string): string {
  return text.replace(/^\.+/, '').replace(/\.$/, '');
}

/** A cursor for `list` that stands after the row with this key. */
export function cursorAfter(list: string, key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString('base64url');
}

/** What one part of a key must look like, so that the database can read it. */
const partKinds = { text: /^/, integer: /^-?\d{1,20}$/, base64: /^[A-Za-z0-9+/]*={0,2}$/ };

/** The key in a cursor; null when there is no cursor. Throws {@link BadCursorError} when it is not one of `list`. */
export function keyOfCursor(
  list: string,
  cursor: string | null,
  kinds: readonly (keyof typeof partKinds)[],
): readonly string[] | null {
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
  if (!Array.isArray(key) || key[0] !== list || key.length !== kinds.length + 1) return refuse();
  const parts = key.slice(1).map(String);
  if (cursorAfter(list, key.slice(1) as string[]) !== cursor) return refuse();
  return parts.every((part, index) => partKinds[kinds[index] ?? 'text'].test(part)) ? parts : refuse();
}

/** Rows to fetch for a page: one more than it holds tells whether another follows. */
export function rowsFor(page: PageRequest): number {
  return Math.min(Math.max(Math.trunc(page.limit), 1), 1_000) + 1;
}

/**
 * The first `wanted` rows that differ in their key; fewer when there are no more. `fetch` gives at most so many rows in the order of the key, where a
 * row may stand more than once. `LIMIT 1 BY` would say the same, but then the database sorts all rows there are, and stops at none.
 */
export async function distinctRows<Row>(
  wanted: number,
  fetch: (limit: number) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): Promise<readonly Row[]> {
  for (let limit = wanted; ; limit *= 2) {
    const rows = await fetch(limit);
    const keys = rows.map(keyOf);
    const distinct = rows.filter((_, index) => keys[index] !== keys[index - 1]);
    if (distinct.length >= wanted || rows.length < limit) return distinct.slice(0, wanted);
  }
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
