import { readFile } from 'node:fs/promises';
import { decodeText } from '../../lib/decode-text.js';
import type { InventoryItem } from '../../model/inventory-item.js';
import { below, decodeEmbedded } from '../../x509/files/embedded-text.js';
import { hasColumn, itemsOfRow, type RowReading } from './row.js';
import { cellsOf } from './table.js';

/** The items of one object in a document, or in words why there is none. */
export interface DocumentFinding {
  /** Path in the document. */
  readonly place: string;
  readonly items: readonly InventoryItem[] | string;
}

/** Columns that say by themselves that an object is about a certificate. */
const identifying = ['sha256', 'sha1', 'spkiSha256', 'issuerSha256', 'serialNumber', 'pem'] as const;
const maxDepth = 64;

/** The JSON value of a file; undefined when it is none, a list when it is one document a line. */
export async function readDocument(path: string): Promise<unknown> {
  const text = decodeText(await readFile(path)) ?? '';
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Goes through a JSON document, for example an export of crt.sh, az or an inventory of one's own: every object that names a
 * certificate by fingerprint, or by issuer and serial number, is read like a row of a table. Certificates that stand in the document
 * whole are left out; the bundle reader finds them wherever they are.
 */
export function* documentItems(
  value: unknown,
  path: string,
  reading: RowReading,
  place = '',
  depth = 0,
): Generator<DocumentFinding, void, undefined> {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return;
  if (!Array.isArray(value)) {
    const cells = cellsOf(value);
    const holdsCertificate = Object.values(value).some(
      (cell) => typeof cell === 'string' && decodeEmbedded(cell) !== null,
    );
    if (!holdsCertificate && identifying.some((field) => hasColumn(cells, field, reading)))
      yield { place, items: itemsOfRow({ line: 0, cells }, `${path}:${place || '0'}`, reading) };
  }
  const entries: Iterable<[string | number, unknown]> = Array.isArray(value)
    ? value.entries()
    : Object.entries(value);
  for (const [key, inner] of entries)
    yield* documentItems(inner, path, reading, below(place, key), depth + 1);
}
