import { createHash } from 'node:crypto';
import { HostUnwellError } from './errors.js';

/** How to go through the pages of a listing. */
export interface Paging<Page, Cursor> {
  /** Where to begin: the first page (null, where it has no cursor), or the place at which an earlier run stopped. */
  readonly first: Cursor;
  fetch(cursor: Cursor, signal: AbortSignal): Promise<Page>;
  /** The cursor of the next page; null when this is the last one. */
  next(page: Page, cursor: Cursor): NonNullable<Cursor> | null;
  /** More pages are taken for a listing that never ends. Default 100,000. */
  readonly maxPages?: number;
}

const defaultMaxPages = 100_000;

/**
 * Yields the pages of a listing in order. A cursor that was used before, a page that is byte for byte the one before it, and more
 * pages than `maxPages` are a {@link HostUnwellError}: the listing goes round in a circle, so that what it holds is not known.
 */
export async function* pages<Page, Cursor>(
  paging: Paging<Page, Cursor>,
  signal: AbortSignal,
): AsyncGenerator<Page, void, undefined> {
  const used = new Set<string>();
  const maxPages = paging.maxPages ?? defaultMaxPages;
  let previous = '';
  for (let cursor = paging.first; ;) {
    signal.throwIfAborted();
    if (used.size >= maxPages) throw new HostUnwellError(`the listing has more than ${maxPages} pages`);
    const key = digest(cursor);
    if (used.has(key)) throw new HostUnwellError('the listing repeats a page cursor');
    used.add(key);
    const page: Page = await paging.fetch(cursor, signal);
    const following = paging.next(page, cursor);
    const content = digest(page);
    if (content === previous && following !== null)
      throw new HostUnwellError('the listing repeats a page for ever');
    previous = content;
    yield page;
    if (following === null) return;
    cursor = following;
  }
}

/** Yields each item once: the first of those with the same `id`. Listings that shift while they are read repeat items. */
export async function* distinct<Item>(
  items: AsyncIterable<Item>,
  id: (item: Item) => string,
): AsyncGenerator<Item, void, undefined> {
  const seen = new Set<string>();
  for await (const item of items) {
    const key = id(item);
    if (seen.has(key)) continue;
    seen.add(key);
    yield item;
  }
}

function digest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('base64');
}
