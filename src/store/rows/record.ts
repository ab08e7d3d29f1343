import type { KeptRecord } from '../../model/kept-record.js';
import type { Database } from '../database.js';
import type { Versioned } from './ct.js';
import { instant, text, uint64, type RowCodec } from './column.js';
import { date } from './decode.js';
import { toJson } from './json.js';

/** Rows of `records`. */
export const recordCodec: RowCodec<Versioned<KeptRecord>> = {
  table: 'records',
  columns: [
    text('kind', ({ value }) => value.kind),
    text('id', ({ value }) => value.id),
    instant('changed_at', ({ value }) => value.changedAt),
    text('body', ({ value }) => toJson(value.body)),
    uint64('version', ({ version }) => version),
  ],
};

const mostRecords = 10_000;

/** Records of a kind as they are now, by id. */
export async function keptRecords(
  database: Database,
  kind: KeptRecord['kind'],
): Promise<readonly KeptRecord[]> {
  const rows = await database.rows<{ id: string; changed_at: string; body: string }>(
    'SELECT id, changed_at, body FROM records FINAL WHERE kind = {kind:String} ORDER BY id LIMIT {most:UInt32}',
    { kind, most: mostRecords },
  );
  return rows.map(({ id, changed_at, body }) => ({
    kind,
    id,
    changedAt: date(changed_at),
    body: JSON.parse(body) as unknown,
  }));
}
