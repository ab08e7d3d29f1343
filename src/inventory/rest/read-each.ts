import pLimit from 'p-limit';
import { HttpStatusError } from '../../lib/http/errors.js';
import type { InventoryFacts, InventoryItem } from '../../model/inventory-item.js';
import type { ListOptions } from '../connector.js';

/** One entry of a listing that does not show the certificate itself. */
export interface ListedEntry {
  /** Names this very certificate: another one, a renewed one for example, has another reference. */
  readonly reference: string;
  /** What the listing says of it now; replaces what an earlier run knew. */
  readonly facts?: Partial<InventoryFacts>;
}

/** How certificates are read one by one. */
export interface ReadEach<Entry extends ListedEntry> {
  /** One call; null when it holds no certificate that can be read. */
  fetch(entry: Entry, signal: AbortSignal): Promise<InventoryItem | null>;
  /** Refusals that mean that the entry is gone, beside 404 and 410. */
  isGone?(error: HttpStatusError): boolean;
  /** Calls at the same time. */
  readonly concurrency: number;
  readonly onError: (sentence: string) => void;
  readonly options: ListOptions | undefined;
}

/**
 * Yields the item of each entry, in order. What an earlier run read is not read again. An entry that is gone meanwhile (404, 410) is a
 * note; a certificate that cannot be read is an error; a host that is unwell ends the run.
 */
export async function* readEach<Entry extends ListedEntry>(
  entries: readonly Entry[],
  { fetch, isGone, concurrency, onError, options }: ReadEach<Entry>,
  signal: AbortSignal,
): AsyncGenerator<InventoryItem, void, undefined> {
  const known = (await options?.known?.(entries.map(({ reference }) => reference))) ?? new Map();
  const limit = pLimit(concurrency);
  const abort = new AbortController();
  const either = AbortSignal.any([signal, abort.signal]);
  const one = async (entry: Entry): Promise<InventoryItem | string | null> => {
    const before = known.get(entry.reference);
    if (before !== undefined && hasIdentity(before)) return { ...before, ...entry.facts };
    either.throwIfAborted();
    try {
      return (await fetch(entry, either)) ?? `${entry.reference}: its certificate is not readable`;
    } catch (error) {
      const isRefusal = error instanceof HttpStatusError;
      if (isRefusal && (error.status === 404 || error.status === 410 || isGone?.(error))) return null;
      throw error;
    }
  };
  const pending = entries.map((entry) => limit(() => one(entry)));
  // Each is awaited below; those behind a failure would otherwise be rejections that nobody handles.
  for (const promise of pending) promise.catch(() => undefined);
  try {
    for (const [index, promise] of pending.entries()) {
      const item = await promise;
      if (typeof item === 'string') onError(item);
      else if (item !== null) yield item;
      else options?.onNote?.(`${entries[index]?.reference ?? ''}: is gone meanwhile`);
    }
  } finally {
    abort.abort();
    limit.clearQueue();
  }
}

function hasIdentity({ sha256 }: InventoryItem): boolean {
  return sha256 !== null;
}

/** Cuts a listing into batches, so that a long one is never held as items all at once. */
export function* batches<Entry>(entries: readonly Entry[], size: number): Generator<readonly Entry[]> {
  for (let start = 0; start < entries.length; start += size) yield entries.slice(start, start + size);
}
