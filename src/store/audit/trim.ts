import type { Database } from '../database.js';
import { render, type Dialect } from '../dialect.js';
import type { AuditEntry } from '../../model/audit-entry.js';
import { trimAction } from './check.js';

/** Entries of one chain whose retention ended: the first up to this one. */
interface Trim {
  /** Empty: entries from before there were chains. */
  readonly chain: string;
  readonly first: number;
  readonly number: number;
  readonly hash: string;
  readonly entries: number;
}

/**
 * Deletes entries older than `days` from the start of each chain. An entry that names the last one deleted is written first: the chain
 * verifies without them. Answers how many entries were deleted.
 */
export async function trimAudit(
  database: Database,
  dialect: Dialect,
  days: number,
  now: Date,
  append: (entries: readonly AuditEntry[]) => Promise<void>,
): Promise<number> {
  if (days === 0) return 0;
  const before = new Date(now.getTime() - days * 86_400_000);
  const trims = await dueTrims(database, before);
  if (trims.length === 0) return 0;
  await append(
    trims.map(({ chain, ...trim }) => ({
      at: now,
      actor: 'certglass',
      action: trimAction,
      subject: chain,
      details: { chain, ...trim, before: before.toISOString(), days },
    })),
  );
  for (const { chain, number } of trims)
    await database.command(
      render(
        dialect,
        `ALTER TABLE {local:audit} {on_cluster} DELETE WHERE chain = {chain:String} AND number <= {number:UInt64}
  AND (number > 0 OR at < fromUnixTimestamp64Milli({before:Int64})) SETTINGS mutations_sync = 2`,
      ),
      { chain, number, before: before.getTime() },
    );
  return trims.reduce((sum, { entries }) => sum + entries, 0);
}

/** Of each chain the entries before the first that is to be kept, whatever the clock said in between. */
async function dueTrims(database: Database, before: Date): Promise<readonly Trim[]> {
  const rows = await database.rows<Record<keyof Trim, string>>(
    `SELECT a.chain AS chain, min(a.number) AS first, max(a.number) AS number, argMax(a.hash, a.number) AS hash,
       uniqExact(a.number, a.at, a.actor, a.action, a.subject, a.details) AS entries
     FROM audit AS a
     LEFT JOIN (SELECT k.chain AS kept_chain, min(k.number) AS first_kept FROM audit AS k
       WHERE k.at >= fromUnixTimestamp64Milli({before:Int64}) AND k.number > 0 GROUP BY k.chain) AS kept ON kept_chain = a.chain
     WHERE a.at < fromUnixTimestamp64Milli({before:Int64}) AND (a.number = 0 OR first_kept = 0 OR a.number < first_kept)
     GROUP BY a.chain ORDER BY a.chain`,
    { before: before.getTime() },
  );
  return rows.map(({ chain, first, number, hash, entries }) => ({
    chain,
    hash,
    first: Number(first),
    number: Number(number),
    entries: Number(entries),
  }));
}
