import type { Delivery } from '../../model/delivery.js';
import type { Finding } from '../../model/finding.js';
import type { Database } from '../database.js';
import type { DeliveryFilter, FindingFilter } from '../reader.js';
import {
  deliveryColumns,
  findingColumns,
  toDelivery,
  toFinding,
  type DeliveryColumns,
  type FindingColumns,
} from '../rows/finding.js';
import type { Page, PageRequest } from '../store.js';
import { allOf, hostConditions, keyOfCursor, rowsFor, toPage } from './keyset.js';

/** Findings, latest opened first. */
export async function listFindings(
  database: Database,
  filter: FindingFilter,
  page: PageRequest,
): Promise<Page<Finding>> {
  const after = keyOfCursor('findings', page.cursor, 2);
  const where = allOf([
    ['id = {id:String}', { id: filter.id }],
    ['state IN {states:Array(String)}', { states: filter.states }],
    ['severity IN {severities:Array(String)}', { severities: filter.severities }],
    ['rule = {rule:String}', { rule: filter.rule }],
    ['certificate = {certificate:String}', { certificate: filter.certificateSha256 }],
    ['subject_kind = {subjectKind:String}', { subjectKind: filter.subjectKind }],
    ['subject_key = {subjectKey:String}', { subjectKey: filter.subjectKey }],
    ...hostConditions(filter, 'host_reversed', 'host'),
    [
      `opened_at < fromUnixTimestamp64Milli({openedAt:Int64})
       OR (opened_at = fromUnixTimestamp64Milli({openedAt:Int64}) AND id < {after:String})`,
      { openedAt: after?.[0], after: after?.[1] },
    ],
  ]);
  const rows = await database.rows<FindingColumns>(
    // The page's ids first: that reads the few columns of the filter, not all of every finding.
    `SELECT ${findingColumns} FROM findings FINAL
     WHERE id IN (SELECT id FROM findings FINAL WHERE ${where.sql} ORDER BY opened_at DESC, id DESC LIMIT {limit:UInt32})
     ORDER BY opened_at DESC, id DESC`,
    { ...where.parameters, limit: rowsFor(page) },
  );
  return toPage('findings', page, rows, toFinding, (row) => [Date.parse(row.opened_at), row.id]);
}

/** One finding as it is; null when there is none. */
export async function findingById(database: Database, id: string): Promise<Finding | null> {
  const [row] = await database.rows<FindingColumns>(
    `SELECT ${findingColumns} FROM findings FINAL WHERE id = {id:String} LIMIT 1`,
    { id },
  );
  return row === undefined ? null : toFinding(row);
}

/** The outbox, latest first. */
export async function listDeliveries(
  database: Database,
  filter: DeliveryFilter,
  page: PageRequest,
): Promise<Page<Delivery>> {
  const after = keyOfCursor('deliveries', page.cursor, 2);
  const where = allOf([
    ['id = {id:String}', { id: filter.id }],
    ['channel = {channel:String}', { channel: filter.channel }],
    ['state = {state:String}', { state: filter.state }],
    [
      `created_at < fromUnixTimestamp64Milli({createdAt:Int64})
       OR (created_at = fromUnixTimestamp64Milli({createdAt:Int64}) AND id < {after:String})`,
      { createdAt: after?.[0], after: after?.[1] },
    ],
  ]);
  const rows = await database.rows<DeliveryColumns>(
    `SELECT ${deliveryColumns} FROM deliveries FINAL WHERE ${where.sql}
     ORDER BY created_at DESC, id DESC LIMIT {limit:UInt32}`,
    { ...where.parameters, limit: rowsFor(page) },
  );
  return toPage('deliveries', page, rows, toDelivery, (row) => [Date.parse(row.created_at), row.id]);
}
