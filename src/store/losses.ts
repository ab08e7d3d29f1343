import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../lib/replace-file.js';
import { readStateFile } from '../lib/state-file.js';
import type { Ledger } from './ledger.js';

const lossesShape = z.array(z.string());
/** Lines kept; a disk that brings forth more needs a person anyway. */
const mostLines = 20;

const fileOf = (dataDir: string): string => join(dataDir, 'store-losses.json');

/** What was found missing or was repaired at a start, a line each, until an operator accepts it. */
export function readLosses(dataDir: string): readonly string[] {
  return readStateFile(fileOf(dataDir), (text) => lossesShape.parse(JSON.parse(text))) ?? [];
}

/** Adds lines to those that are kept. */
export async function addLosses(dataDir: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const all = [...new Set([...readLosses(dataDir), ...lines])].slice(-mostLines);
  await replaceFile(fileOf(dataDir), JSON.stringify(all, null, 2));
}

/** Forgets the lines, and answers what they were. */
export function acceptLosses(dataDir: string): readonly string[] {
  const lines = readLosses(dataDir);
  rmSync(fileOf(dataDir), { force: true });
  return lines;
}

/** Tables whose rows are deleted by statements at any time: of these only that all are gone tells anything. */
const trimmed: ReadonlySet<string> = new Set(['audit']);

/**
 * What is missing of what was noted, a line each. Blocks are numbered: a part that was merged, or rewritten to delete rows, still covers
 * its numbers, so what no part covers any more is gone, unless the retention has deleted it. `broken` are parts that the engine set
 * aside, which are told on their own.
 */
export function lossesBetween(
  before: Ledger,
  now: Ledger,
  broken: ReadonlyMap<string, Ledger['tables'][number]['parts']>,
  at: Date,
): readonly string[] {
  const tables = new Map(now.tables.map((table) => [table.uuid, table]));
  if (before.database !== now.database || !before.tables.some(({ uuid }) => tables.has(uuid))) {
    const rows = rowsOf(before.tables.flatMap(({ parts }) => parts));
    return rows === 0 ? [] : [`the whole database is gone: ${rows} rows in ${before.tables.length} tables`];
  }
  const names = new Set(now.tables.map(({ name }) => name));
  const lines: string[] = [];
  for (const { name, uuid, parts } of before.tables) {
    const table = tables.get(uuid);
    if (table === undefined) {
      // Another of the same name: an upgrade made it anew.
      if (!names.has(name) && rowsOf(parts) > 0)
        lines.push(`the table ${name} is gone, with ${rowsOf(parts)} rows`);
      continue;
    }
    const there = [...table.parts, ...(broken.get(name) ?? [])];
    if (trimmed.has(name) && there.length > 0) continue;
    const gone = parts.filter((part) => !isExpired(part, at) && !isCovered(part, there));
    if (rowsOf(gone) > 0)
      lines.push(
        `${gone.length} of ${parts.length} parts of the table ${name} are gone, with ${rowsOf(gone)} rows`,
      );
  }
  return [...lines, ...positionsBehind(before.positions, now.positions)];
}

type Part = Ledger['tables'][number]['parts'][number];

function rowsOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}

function isExpired({ expiresAt }: Part, at: Date): boolean {
  return expiresAt > 0 && expiresAt * 1_000 <= at.getTime();
}

/** True when the block numbers of a part lie within those of others, end to end. */
function isCovered({ partition, minBlock, maxBlock }: Part, others: readonly Part[]): boolean {
  let next = minBlock;
  for (const other of others.toSorted((a, b) => a.minBlock - b.minBlock))
    if (other.partition === partition && other.minBlock <= next) next = Math.max(next, other.maxBlock + 1);
  return next > maxBlock;
}

function positionsBehind(before: Ledger['positions'], now: Ledger['positions']): readonly string[] {
  const indexes = new Map(now.map(({ log, cursor, index }) => [`${log} ${cursor}`, index]));
  return before.flatMap(({ log, cursor, description, index }) => {
    if (cursor !== 'tail') return [];
    const present = indexes.get(`${log} ${cursor}`);
    const stands = present === undefined ? 'is not known any more' : `stands at ${present}`;
    return (present ?? -1) >= index || index === 0
      ? []
      : [
          `the position in the log ${description === '' ? log : description} was ${index} and ${stands}: what is between is read again`,
        ];
  });
}
