import type { z } from 'zod';
import type { OutboundConfig } from '../../lib/http/config.js';
import { distinct, pages } from '../../lib/http/pages.js';
import type { GuardedClient } from '../../lib/http/guarded-client.js';
import type { Authorization, RestClient, RestRequest } from '../../lib/http/rest-client.js';
import type { InventoryItem } from '../../model/inventory-item.js';
import type { Connector, ListOptions, ReadCertificate } from '../connector.js';
import { batches, readEach, type ListedEntry } from './read-each.js';
import { session } from './session.js';

/** What a run of a listing works with. */
export interface ListingRun {
  readonly source: string;
  readonly rest: RestClient;
  readonly read: ReadCertificate;
}

/** A system with one paged listing. `Entry` is one certificate of it. */
export interface ListingSource<Schema extends z.ZodType, Entry extends ListedEntry> {
  readonly baseUrl: string;
  readonly outbound: OutboundConfig;
  readonly secrets: readonly (string | null)[];
  authorize(client: GuardedClient): Authorization;
  readonly page: Schema;
  /** The request of a page: `cursor` is null for the first, then what `next` gave. */
  request(cursor: string | number | null): RestRequest;
  /** null: the last page. Where no total is given, only an empty page is: a server may give fewer than it was asked for. */
  next(page: z.infer<Schema>, cursor: string | number | null): string | number | null;
  entries(page: z.infer<Schema>): readonly Entry[];
  /** The item that the listing itself gives; null when the certificate has to be read. Absent: always read. */
  listed?(entry: Entry, run: ListingRun): InventoryItem | null;
  /** Reads one certificate. Absent: what the listing does not identify is an error. */
  fetch?(entry: Entry, run: ListingRun, signal: AbortSignal): Promise<InventoryItem | null>;
  readonly concurrency?: number;
}

/** A connector over one listing: page by page, each certificate once, reading only what the listing does not say and no run knows. */
export function listingConnector<Schema extends z.ZodType, Entry extends ListedEntry>(
  name: string,
  read: ReadCertificate,
  from: ListingSource<Schema, Entry>,
): Connector {
  return {
    name,
    list(signal, onError, options) {
      const { baseUrl, outbound, secrets } = from;
      const authorize = (client: GuardedClient): Authorization => from.authorize(client);
      return session({ baseUrl, outbound, secrets, authorize }, (rest) =>
        distinct(
          items(from, { source: name, rest, read }, { signal, onError, options }),
          ({ reference }) => reference,
        ),
      );
    },
  };
}

interface Reporting {
  readonly signal: AbortSignal;
  readonly onError: (sentence: string) => void;
  readonly options: ListOptions | undefined;
}

const batchSize = 500;

async function* items<Schema extends z.ZodType, Entry extends ListedEntry>(
  from: ListingSource<Schema, Entry>,
  run: ListingRun,
  { signal, onError, options }: Reporting,
): AsyncGenerator<InventoryItem, void, undefined> {
  const listing = pages(
    {
      first: null as string | number | null,
      fetch: (cursor) => run.rest.json(from.page, from.request(cursor), signal),
      next: (page, cursor) => from.next(page, cursor),
    },
    signal,
  );
  for await (const page of listing) {
    const unread: Entry[] = [];
    for (const entry of from.entries(page)) {
      const item = from.listed?.(entry, run) ?? null;
      if (item !== null) yield item;
      else if (from.fetch === undefined)
        onError(`${entry.reference}: the listing does not say which certificate it is`);
      else unread.push(entry);
    }
    const { fetch, concurrency = 4 } = from;
    if (fetch === undefined) continue;
    for (const batch of batches(unread, batchSize))
      yield* readEach(
        batch,
        { concurrency, onError, options, fetch: (entry, abort) => fetch(entry, run, abort) },
        signal,
      );
  }
}
