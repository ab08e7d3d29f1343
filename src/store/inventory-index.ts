import { groupBy } from '../lib/group-by.js';
import type { InventoryRun } from '../model/inventory-item.js';
import type { Database } from './database.js';
import { inventoryRunColumns, toInventoryRun, type InventoryRunColumns } from './rows/operation.js';
import type { InventoryIndex } from './store.js';

type Identities = Pick<InventoryIndex, 'sha256' | 'sha1' | 'tbsSha256' | 'spkiSha256' | 'issuerSerial'>;

const hourMs = 3_600_000;
const rowsPerPage = 50_000;
/** What an inventory held so lately still counts: at a renewal the old certificate leaves it before it leaves the last endpoint. */
const recentMs = 14 * 24 * hourMs;

/** Column of each kind of identity; empty where the source does not know it. */
const identities: Readonly<Record<keyof Identities, string>> = {
  sha256: 'sha256',
  sha1: 'sha1',
  tbsSha256: 'tbs_sha256',
  spkiSha256: 'spki_sha256',
  issuerSerial: `if(issuer_sha256 = '' OR serial_number = '', '', concat(issuer_sha256, ':', serial_number))`,
};

/**
 * Answers Store.inventoryIndex. What was pushed counts beside the sources asked for. Of each source the last complete run counts, and a later incomplete one beside it: what that did
 * read is managed all the same. Items of a run never change once it has ended, so they are read once.
 */
export function createInventoryIndex(database: Database): {
  index(now: Date, maxAgeHours: number, sources: readonly string[]): Promise<InventoryIndex>;
} {
  let read: { readonly runs: string; readonly items: Promise<Identities> } | null = null;

  return {
    async index(now, maxAgeHours, sources) {
      const pushed = await pushedSources(database);
      const latest = await runsOf(database, sources);
      const complete = await runsOf(database, sources, 'complete');
      const alsoManaged = await runsOf(database, pushed, 'complete');
      const oldest = now.getTime() - maxAgeHours * hourMs;
      const isStale = (run: InventoryRun): boolean => run.finishedAt.getTime() < oldest;
      const counted = [...complete, ...alsoManaged, ...latest.filter((run) => !run.complete)];
      const runs = JSON.stringify(counted.map(({ source, startedAt }) => [source, startedAt]));
      if (read?.runs !== runs) {
        const recent = await recentRuns(database, sources, new Date(now.getTime() - recentMs));
        read = { runs, items: readItems(database, [...counted, ...recent]) };
      }
      const items = await read.items.catch((error: unknown) => {
        read = null;
        throw error;
      });
      return {
        ...items,
        sources,
        isWhole: complete.length === sources.length && !complete.some(isStale),
        staleSources: complete.filter(isStale).map(({ source }) => source),
        incompleteSources: latest.filter((run) => !run.complete),
      };
    },
  };
}

/** Sources that certificates were pushed to. They know what is managed, but never promised to know all of it, so none is ever stale. */
async function pushedSources(database: Database): Promise<readonly string[]> {
  const rows = await database.rows<{ source: string }>(
    `SELECT DISTINCT source FROM inventory_runs WHERE startsWith(source, 'push:') ORDER BY source LIMIT 1000`,
  );
  return rows.map(({ source }) => source);
}

/** The last run of each of these sources, or the last complete one; sources that have none are left out. */
async function runsOf(
  database: Database,
  sources: readonly string[],
  which: 'any' | 'complete' = 'any',
): Promise<readonly InventoryRun[]> {
  const rows = await database.rows<InventoryRunColumns>(
    `SELECT ${inventoryRunColumns} FROM inventory_runs FINAL
     WHERE has({sources:Array(String)}, source)${which === 'complete' ? ' AND complete' : ''}
     ORDER BY source, inventory_runs.started_at DESC LIMIT 1 BY source`,
    { sources },
  );
  return rows.map(toInventoryRun);
}

type RunKey = Pick<InventoryRun, 'source' | 'startedAt'>;

/** The first complete run of each day since then. */
async function recentRuns(
  database: Database,
  sources: readonly string[],
  since: Date,
): Promise<readonly RunKey[]> {
  const rows = await database.rows<{ source: string; at: string }>(
    `SELECT source, toString(toUnixTimestamp64Milli(min(r.started_at))) AS at FROM inventory_runs AS r FINAL
     WHERE has({sources:Array(String)}, source) AND complete AND r.started_at >= fromUnixTimestamp64Milli({since:Int64})
     GROUP BY source, toDate(r.started_at) ORDER BY source, at`,
    { sources, since: since.getTime() },
  );
  return rows.map(({ source, at }) => ({ source, startedAt: new Date(Number(at)) }));
}

async function readItems(database: Database, runs: readonly RunKey[]): Promise<Identities> {
  const index = {
    sha256: new Set<string>(),
    sha1: new Set<string>(),
    tbsSha256: new Set<string>(),
    spkiSha256: new Set<string>(),
    issuerSerial: new Set<string>(),
  };
  for (const [source, some] of groupBy(runs, (run) => run.source))
    for (const kind of Object.keys(index) as (keyof Identities)[])
      for await (const value of valuesOf(database, identities[kind], source, some)) index[kind].add(value);
  return index;
}

async function* valuesOf(
  database: Database,
  column: string,
  source: string,
  someRuns: readonly RunKey[],
): AsyncGenerator<string> {
  const runs = someRuns.map(({ startedAt }) => startedAt.getTime());
  let after = '';
  for (;;) {
    const rows: readonly { value: string }[] = await database.rows(
      `SELECT DISTINCT ${column} AS value FROM inventory_items
       WHERE source = {source:String} AND value > {after:String}
         AND run_at IN (SELECT fromUnixTimestamp64Milli(arrayJoin({runs:Array(Int64)})))
       ORDER BY value LIMIT {limit:UInt32}`,
      { source, runs, after, limit: rowsPerPage },
    );
    for (const { value } of rows) yield value;
    if (rows.length < rowsPerPage) return;
    after = rows.at(-1)?.value ?? '';
  }
}
