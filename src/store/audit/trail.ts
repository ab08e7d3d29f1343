import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { auditTrail } from '../../model/queries/populations.js';
import type { RowOf, StreamRows } from '../../model/query.js';
import { replaceFile } from '../../lib/replace-file.js';
import { readStateFile } from '../../lib/state-file.js';
import type { Database } from '../database.js';
import { auditCodec } from '../rows/operation.js';
import type { AuditEntry } from '../../model/audit-entry.js';
import type { Writer } from '../writer.js';
import { follow, type ChainedEntry, type ChainEnd } from './chain.js';
import { beginAction, ChainCheck, joinAction, trimAction, type AuditCheck } from './check.js';

/** Everything: what a period of the queries of reports may at most be. */
const always = { from: new Date(0), to: new Date('2200-01-01T00:00:00Z'), domain: '' };

/** What the audit trail is written with. */
export interface TrailParts {
  readonly database: Pick<Database, 'rows'>;
  readonly writer: Pick<Writer, 'write'>;
  readonly streamRows: StreamRows;
  /** File of the last entries, beside the database: what was taken off the end of the trail is missed by it. */
  readonly file: string;
}

interface Waiting {
  readonly entries: readonly AuditEntry[];
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Writes the audit trail, one batch after another, each entry linked to the one before. What is about to be written is put into a file
 * first and written again after a crash, so that no number is given twice or left out. One process writes at a time.
 */
export class AuditTrail {
  readonly #parts: TrailParts;
  readonly #waiting: Waiting[] = [];
  #end: ChainEnd | null;
  #isIntroduced = false;
  #running: Promise<void> | null = null;

  private constructor(parts: TrailParts, end: ChainEnd | null) {
    this.#parts = parts;
    this.#end = end;
  }

  /** Takes up the chain where it ended. */
  static async open(parts: TrailParts): Promise<AuditTrail> {
    const [last, ends] = [readLast(parts), await endsOf(parts.database)];
    const kept = last.at(-1);
    const stored = ends.find(({ chain }) => chain === kept?.chain);
    if (kept !== undefined && (stored === undefined || stored.number < kept.number))
      await parts.writer.write(auditCodec, last);
    const newest = ends.at(-1) ?? null;
    return new AuditTrail(parts, kept === undefined ? newest : later(kept, stored));
  }

  /** Resolves when the entries are durable. */
  append(entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  /**
   * Checks every entry. `expected` are ends known from elsewhere; the end this process wrote last is always among them. What still waits in
   * the spool is not there to be checked.
   */
  async check(expected: readonly ChainEnd[], isSpooled: boolean): Promise<AuditCheck> {
    const own = this.#end === null || isSpooled ? [] : [this.#end];
    const check = new ChainCheck({ isPart: false, expected: [...expected, ...own] });
    const earlier = new EarlierEntries();
    let noted: Earlier = { earlier: 0, earlierSha256: '' };
    let isTrimmed = false;
    for await (const row of this.#parts.streamRows(auditTrail, always)) {
      check.take(row);
      earlier.take(row);
      if (row.action === beginAction && noted.earlier === 0) noted = JSON.parse(row.details) as Earlier;
      // Deleted after their retention: the digest is over more than there is.
      isTrimmed ||= row.action === trimAction && row.subject === '';
    }
    const result = check.result();
    if (isTrimmed || earlier.result().earlierSha256 === noted.earlierSha256) return result;
    const fault = `of the ${noted.earlier} entries from before the trail was chained some were changed, removed or added`;
    return { ...result, faults: [...result.faults, fault] };
  }

  async #run(): Promise<void> {
    // What is asked for in one go is written in one go.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      try {
        await this.#write(batch.flatMap(({ entries }) => entries));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    // Before anything else can run: who is called next finds either this loop or none.
    this.#running = null;
  }

  async #write(entries: readonly AuditEntry[]): Promise<void> {
    let end = this.#end ?? { chain: randomUUID(), number: 0, hash: '' };
    const rows: ChainedEntry[] = [];
    for (const entry of [...(await this.#introduction(end, entries[0]?.at ?? new Date())), ...entries]) {
      end = follow(end, entry);
      rows.push(end as ChainedEntry);
    }
    await replaceFile(this.#parts.file, JSON.stringify(rows));
    try {
      await this.#parts.writer.write(auditCodec, rows);
    } catch (error) {
      // Refused for good: the numbers are free again. Without the file, the database says where the chain ends.
      await replaceFile(this.#parts.file, '[]');
      throw error;
    }
    const { chain, number, hash } = end;
    this.#end = { chain, number, hash };
    this.#isIntroduced = true;
  }

  /** What the first entries written by this process are preceded by: the start of the chain, and other chains that came meanwhile. */
  async #introduction({ chain, number }: ChainEnd, at: Date): Promise<readonly AuditEntry[]> {
    if (this.#isIntroduced) return [];
    const by = { at, actor: 'certglass' };
    const begin =
      number > 0
        ? []
        : [{ ...by, action: beginAction, subject: chain, details: { ...(await this.#earlier()) } }];
    const known = new Set<string>();
    const { database } = this.#parts;
    const notes = await database.rows<{ subject: string }>(
      'SELECT DISTINCT subject FROM audit WHERE action = {action:String} AND number > 0',
      { action: joinAction },
    );
    for (const { subject } of notes) known.add(subject);
    const others = (await endsOf(database)).filter((end) => end.chain !== chain && !known.has(end.chain));
    return [
      ...begin,
      ...others.map((end) => ({ ...by, action: joinAction, subject: end.chain, details: { ...end } })),
    ];
  }

  /** How many entries there are from before there were chains, and a digest over them. */
  async #earlier(): Promise<Earlier> {
    const earlier = new EarlierEntries();
    for await (const row of this.#parts.streamRows(auditTrail, always)) earlier.take(row);
    return earlier.result();
  }
}

/** Counts and digests the entries from before there were chains. */
class EarlierEntries {
  readonly #digest = createHash('sha256');
  #count = 0;

  take({ number, at, actor, action, subject, details }: RowOf<typeof auditTrail>): void {
    if (number > 0) return;
    this.#count += 1;
    this.#digest.update(`${JSON.stringify([at.toISOString(), actor, action, subject, details])}\n`);
  }

  result(): Earlier {
    return { earlier: this.#count, earlierSha256: this.#count === 0 ? '' : this.#digest.digest('hex') };
  }
}

interface Earlier {
  readonly earlier: number;
  readonly earlierSha256: string;
}

/** Where each chain ends, that written to last at the end. */
async function endsOf(database: Pick<Database, 'rows'>): Promise<readonly ChainEnd[]> {
  const rows = await database.rows<{ chain: string; number: string; hash: string }>(
    `SELECT a.chain AS chain, max(a.number) AS number, argMax(a.hash, a.number) AS hash
     FROM audit AS a WHERE a.number > 0 GROUP BY a.chain ORDER BY max(a.at), a.chain`,
  );
  return rows.map(({ chain, number, hash }) => ({ chain, number: Number(number), hash }));
}

function later(kept: ChainEnd, stored: ChainEnd | undefined): ChainEnd {
  const { chain, number, hash } = stored !== undefined && stored.number > kept.number ? stored : kept;
  return { chain, number, hash };
}

const lastShape = z.array(
  z.object({
    chain: z.string(),
    number: z.number(),
    at: z.string().transform((text) => new Date(text)),
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    details: z.string(),
    previous: z.string(),
    hash: z.string(),
  }),
);

/** Damaged, the file is set aside, and the database says where the trail ends. */
function readLast({ file }: TrailParts): readonly ChainedEntry[] {
  return readStateFile(file, (text) => lastShape.parse(JSON.parse(text))) ?? [];
}
