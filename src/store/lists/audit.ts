import type { AuditFilter } from '../console-reader.js';
import type { Database } from '../database.js';
import type { Page, PageRequest, WrittenEntry } from '../store.js';
import { date, orNull } from '../rows/decode.js';
import { allOf, cursorAfter, keyOfCursor, rowsFor } from './keyset.js';

interface AuditColumns {
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly details: string;
  readonly number: string;
  readonly hash: string;
  readonly id: string;
}

/** The audit trail, latest first. */
export async function listAudit(
  database: Database,
  filter: AuditFilter,
  page: PageRequest,
): Promise<Page<WrittenEntry>> {
  const after = keyOfCursor('audit', page.cursor, ['integer', 'integer']);
  const where = allOf([
    ['actor = {actor:String}', { actor: filter.actor }],
    ['action = {action:String}', { action: filter.action }],
    ['at >= fromUnixTimestamp64Milli({from:Int64})', { from: filter.from?.getTime() }],
    ['at < fromUnixTimestamp64Milli({to:Int64})', { to: filter.to?.getTime() }],
    ['at <= fromUnixTimestamp64Milli({atMs:Int64})', { atMs: after?.[0] }],
    [
      '(toUnixTimestamp64Milli(at), id) < ({atMs:Int64}, {afterId:UInt64})',
      { atMs: after?.[0], afterId: after?.[1] },
    ],
  ]);
  const rows = await database.rows<AuditColumns>(
    `SELECT at, actor, action, subject, details, number, hash, cityHash64(actor, action, subject, details, chain, number) AS id
     FROM audit FINAL WHERE ${where.sql} ORDER BY at DESC, id DESC LIMIT {limit:UInt32}`,
    { ...where.parameters, limit: rowsFor(page) },
  );
  const kept = rows.slice(0, rowsFor(page) - 1);
  const last = kept.at(-1);
  return {
    items: kept.map((row) => ({
      at: date(row.at),
      actor: row.actor,
      action: row.action,
      subject: row.subject,
      details: JSON.parse(row.details) as WrittenEntry['details'],
      number: row.number === '0' ? null : Number(row.number),
      hash: orNull(row.hash),
    })),
    // The hash does not fit into a number.
    nextCursor:
      rows.length > kept.length && last !== undefined
        ? cursorAfter('audit', [Date.parse(last.at), last.id])
        : null,
  };
}
